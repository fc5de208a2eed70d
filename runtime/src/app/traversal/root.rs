//! Where traversal begins.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::child::IntoChild;
use super::resource::Resource;
use crate::app::request::Request;
use crate::error::{Error, Result};

/// A root in the making.
pub type RootFuture = Pin<Box<dyn Future<Output = Result<Arc<dyn Resource>>> + Send>>;

/// Makes the root of the tree for a request: a function over the [`Request`], plain or async, that returns a resource, an `Arc`
/// of one, or a `Result` of these.
#[derive(Clone)]
pub struct RootFactory(Make);

type Make = Arc<dyn Fn(Request) -> Made + Send + Sync>;

/// What a factory gives: a root at once, or one to wait for.
#[doc(hidden)]
#[expect(missing_debug_implementations, reason = "nobody outside can have one")]
pub enum Made {
    Ready(Result<Arc<dyn Resource>>),
    Waiting(RootFuture),
}

impl RootFactory {
    /// Of a function.
    pub fn new<M, F, R>(make: F) -> Self
    where
        F: Fn(Request) -> R + Send + Sync + 'static,
        R: IntoRoot<M>,
    {
        Self(Arc::new(move |request| make(request).into_made()))
    }

    /// Makes the root.
    pub(crate) fn make(&self, request: &Request) -> Made {
        (self.0)(request.clone())
    }
}

/// The root of an application that sets none. It has no children, so the first name of a path is that of the view.
#[derive(Debug, Clone, Copy, Default)]
pub struct DefaultRoot;

// The compiler lists what is a resource; this is never meant.
#[diagnostic::do_not_recommend]
impl Resource for DefaultRoot {}

impl Default for RootFactory {
    /// Always the same [`DefaultRoot`].
    fn default() -> Self {
        let root: Arc<dyn Resource> = Arc::new(DefaultRoot);
        Self(Arc::new(move |_| Made::Ready(Ok(Arc::clone(&root)))))
    }
}

impl fmt::Debug for RootFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootFactory")
    }
}

/// What a root factory may return. `M` is found by the compiler: [`AsRoot`], [`AsResult`] or [`AsFuture`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the root of a tree of resources",
    label = "not a resource",
    note = "return a type that implements `Resource`, an `Arc` of one, a `Result` of these, or a future of these"
)]
pub trait IntoRoot<M> {
    #[doc(hidden)]
    fn into_made(self) -> Made;
}

/// Marks a root that is there at once.
#[derive(Debug)]
pub struct AsRoot;

/// Marks one that may be an error.
#[derive(Debug)]
pub struct AsResult<M>(std::marker::PhantomData<M>);

/// Marks one that has to be waited for.
#[derive(Debug)]
pub struct AsFuture<M>(std::marker::PhantomData<M>);

impl<R: IntoChild> IntoRoot<AsRoot> for R {
    fn into_made(self) -> Made {
        Made::Ready(Ok(self.into_child()))
    }
}

impl<R: IntoChild, E: Into<Error>> IntoRoot<AsResult<AsRoot>> for Result<R, E> {
    fn into_made(self) -> Made {
        Made::Ready(self.map(IntoChild::into_child).map_err(Into::into))
    }
}

impl<M, F> IntoRoot<AsFuture<M>> for F
where
    F: Future<Output: IntoRoot<M>> + Send + 'static,
{
    fn into_made(self) -> Made {
        Made::Waiting(Box::pin(async move {
            match self.await.into_made() {
                Made::Ready(root) => root,
                Made::Waiting(root) => root.await,
            }
        }))
    }
}
