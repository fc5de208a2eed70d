//! What `getitem` may return.

use std::sync::Arc;

use super::resource::{Getitem, Resource};
use crate::error::{Error, Result};

/// What can be a node of a tree: a [`Resource`], or an `Arc` or a `Box` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a node of a tree of resources",
    label = "not a resource",
    note = "write `#[resource]` above the type, or above its `impl` block with `getitem`",
    note = "an `Arc` of a resource will do, and so will `Arc<dyn Resource>` and `Box<dyn Resource>`"
)]
pub trait IntoChild {
    /// The resource, shared.
    fn into_child(self) -> Arc<dyn Resource>;
}

#[diagnostic::do_not_recommend]
impl<R: Resource> IntoChild for R {
    fn into_child(self) -> Arc<dyn Resource> {
        Arc::new(self)
    }
}

impl<R: Resource> IntoChild for Arc<R> {
    fn into_child(self) -> Arc<dyn Resource> {
        self
    }
}

impl IntoChild for Arc<dyn Resource> {
    fn into_child(self) -> Arc<dyn Resource> {
        self
    }
}

impl IntoChild for Box<dyn Resource> {
    fn into_child(self) -> Arc<dyn Resource> {
        self.into()
    }
}

/// What `getitem` may return: an `Option` of a child, or a `Result` of that.
#[diagnostic::on_unimplemented(
    message = "`getitem` cannot return `{Self}`",
    label = "neither an `Option` of a resource nor a `Result` of that",
    note = "`None` stands for a child that there is not: return `Option<Shelf>`, or `Result<Option<Shelf>>` where asking can fail"
)]
pub trait IntoFound {
    /// The child as the walk takes it.
    ///
    /// # Errors
    /// The error that was returned; it ends the request.
    fn into_found(self) -> Result<Option<Arc<dyn Resource>>>;
}

impl<C: IntoChild> IntoFound for Option<C> {
    fn into_found(self) -> Result<Option<Arc<dyn Resource>>> {
        Ok(self.map(IntoChild::into_child))
    }
}

impl<C: IntoChild, E: Into<Error>> IntoFound for Result<Option<C>, E> {
    fn into_found(self) -> Result<Option<Arc<dyn Resource>>> {
        self.map(|found| found.map(IntoChild::into_child)).map_err(Into::into)
    }
}

/// What a plain `getitem` comes to.
pub fn found<'a>(found: Result<Option<Arc<dyn Resource>>>) -> Getitem<'a> {
    Getitem::Ready(found)
}

/// What an `async fn getitem` comes to.
pub fn awaited<'a>(
    found: impl Future<Output = Result<Option<Arc<dyn Resource>>>> + Send + 'a,
) -> Getitem<'a> {
    Getitem::Waiting(Box::pin(found))
}
