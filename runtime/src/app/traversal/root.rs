//! Where traversal begins.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::resource::Resource;
use crate::app::request::Request;
use crate::error::Result;

/// A root in the making.
pub type RootFuture = Pin<Box<dyn Future<Output = Result<Arc<dyn Resource>>> + Send>>;

/// Makes the root of the tree for a request: a function over the [`Request`], plain or async, that returns a resource, an `Arc`
/// of one, or a `Result` of these.
#[derive(Clone)]
pub struct RootFactory(Make);

type Make = Arc<dyn Fn(Request) -> Made + Send + Sync>;

/// What a factory gives: a root at once, or one to wait for.
pub(crate) enum Made {
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
#[expect(private_interfaces, reason = "sealed: what it makes is the router's business")]
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
