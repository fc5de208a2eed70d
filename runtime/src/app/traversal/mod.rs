//! Traversal: a path leads through a tree of resources to a context (Pyramid's narrative chapter "Traversal").
//!
//! The path of a request is cut at its slashes. Beginning with the root, each resource is asked for the child of the next name,
//! until there is none, or no name is left. The last resource is the *context*, the next name that of the *view*, and what follows
//! is the *subpath*: `/poems/2/edit/page/7` may be the view `edit` of the second poem, with `page` and `7` left over.
//!
//! A resource implements [`Resource`], mostly by [`#[resource]`](macro@crate::resource). Where it is in the tree says its
//! [`Located`]; a view asks for it as [`Context<Book>`](Context).
//!
//! # Where it parts from Pyramid
//!
//! - `..` never leads out of a virtual root, and `traversed` has exactly the names that were walked.
//! - A path that [`resource_path`](Located::resource_path) made leads back, also where a name has a slash in it: text given to
//!   [`find_resource`](Located::find_resource) is cut before it is decoded. The path of a request is decoded first, as in Pyramid.
//! - A virtual root is cut off a URL name by name, not letter by letter.
//! - A resource has no `__name__` and `__parent__` to be kept right: its place is noted on the way. The root has no name.

pub(crate) mod child;
mod context;
mod located;
mod names;
mod path;
mod place;
pub(crate) mod resource;
#[allow(dead_code, reason = "the router is about to ask for roots")]
pub(crate) mod root;
#[cfg(test)]
mod tests;
mod traversed;
mod url;
mod walk;

pub use child::{IntoChild, IntoFound};
pub use context::{Context, Subpath};
pub use located::Located;
pub use path::{ResourcePath, TraversalPath};
pub use resource::{ChildFuture, Getitem, Interface, Resource};
pub(crate) use root::Made;
pub use root::{AsFuture, AsResult, AsRoot, DefaultRoot, IntoRoot, RootFactory, RootFuture};
pub use traversed::Traversed;
pub use url::ResourceUrl;
pub use walk::{Walk, traverse};
