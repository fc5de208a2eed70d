//! What a view can ask for of a walk.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::located::Located;
use super::resource::Resource;
use super::traversed::Traversed;
use crate::app::extract::{FromRequest, Mismatch, Need};
use crate::app::request::Request;
use crate::error::{Error, Result};
use crate::protocol::url;

/// The context of a view: the resource that its path led to. A view that takes a `Context<Book>` is for contexts of type `Book`.
///
/// `T` is the type of a resource, a `dyn Trait` that resources [provide](macro@crate::resource), or `dyn Resource`, which is any.
/// It is read through this value; where it is in the tree says the [`Located`] in it.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[resource]
/// struct Book { title: String }
///
/// async fn book(Context(book): Context<Book>) -> String {
///     format!("{} at {}", book.title, book.resource_path(&[]))
/// }
/// ```
pub struct Context<T: ?Sized>(pub Located<T>);

impl<T: ?Sized> Clone for Context<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: ?Sized> Deref for Context<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> fmt::Debug for Context<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Context").field(&self.0).finish()
    }
}

impl<T: Resource + ?Sized> FromRequest for Context<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        let traversed =
            request.traversed().ok_or_else(|| Error::msg("no path was walked for this request"))?;
        // Another view may be for what it is.
        traversed.context().downcast().map(Self).ok_or_else(|| Mismatch.into())
    }

    fn need() -> Option<Need> {
        Some(Need::context::<T>())
    }
}

/// What follows the view's name in the path, name by name; or what a placeholder `subpath` of the route took. Pyramid's
/// `request.subpath`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subpath(pub Vec<String>);

impl Deref for Subpath {
    type Target = [String];
    fn deref(&self) -> &[String] {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl FromRequest for Subpath {
    async fn from_request(request: &Request) -> Result<Self> {
        Ok(Self(request.subpath()))
    }
}

/// What is known after a path was walked.
impl Request {
    /// Where the walk has led; `None` where no path was walked for this request.
    pub fn traversed(&self) -> Option<Traversed> {
        self.walked().map(Traversed)
    }

    pub(crate) fn set_traversed(&self, traversed: &Traversed) {
        self.set_walked(Arc::clone(&traversed.0) as Arc<dyn Any + Send + Sync>);
    }

    /// The resource at the end of the path. Pyramid's `request.context`.
    pub fn context(&self) -> Option<Located> {
        self.traversed().map(|traversed| traversed.context().clone())
    }

    /// The resource at its beginning. Pyramid's `request.root`.
    pub fn root(&self) -> Option<Located> {
        self.traversed().map(|traversed| traversed.root().clone())
    }

    /// The resource that the proxy in front shows as the root. Pyramid's `request.virtual_root`.
    pub fn virtual_root(&self) -> Option<Located> {
        self.traversed().map(|traversed| traversed.virtual_root().clone())
    }

    /// The name of the view in the path; empty where the path ends at a resource. Pyramid's `request.view_name`.
    pub fn view_name(&self) -> String {
        self.traversed().map_or_else(String::new, |traversed| traversed.view_name().to_owned())
    }

    /// What follows the view's name, name by name; or what a placeholder `subpath` of the route took. Pyramid's `request.subpath`.
    pub fn subpath(&self) -> Vec<String> {
        if let Some(traversed) = self.traversed() {
            return traversed.subpath().map(str::to_owned).collect();
        }
        // A route whose views want no context: nobody walks for them.
        let text = self.match_value("subpath").unwrap_or("");
        url::path_segments(text).into_iter().map(str::to_owned).collect()
    }
}
