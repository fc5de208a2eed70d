//! What a tree is made of.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::app::type_key::TypeKey;
use crate::error::Result;

/// A node of the tree that paths lead through, and the context of the views at its end.
///
/// Usually written with `#[resource]`, which takes a plain or an `async fn getitem`. By hand:
///
/// ```
/// use std::sync::Arc;
/// use aiopyramid::traversal::{Getitem, Resource};
///
/// struct Library { shelves: Vec<Arc<Shelf>> }
/// struct Shelf;
///
/// impl Resource for Shelf {}
///
/// impl Resource for Library {
///     fn getitem<'a>(&'a self, name: &'a str) -> Getitem<'a> {
///         let shelf = name.parse().ok().and_then(|number: usize| self.shelves.get(number));
///         Getitem::Ready(Ok(shelf.map(|shelf| Arc::clone(shelf) as Arc<dyn Resource>)))
///     }
/// }
/// ```
pub trait Resource: Any + Send + Sync {
    /// The child of that name. The default is that there are no children at all, nor can be.
    fn getitem<'a>(&'a self, _name: &'a str) -> Getitem<'a> {
        Getitem::NoItems
    }

    /// The interfaces that it declares, the most specific first; a view can be for an interface instead of a type.
    fn provides(&self) -> &'static [Interface] {
        &[]
    }
}

/// A child, or `None` where there is none of that name.
pub type Child = Result<Option<Arc<dyn Resource>>>;

/// What came of asking a resource for a child.
pub enum Getitem<'a> {
    /// It is no container.
    NoItems,
    /// What there is: a child, or `None` where there is none of that name; any other trouble is an error, which ends the
    /// request. Costs neither a box nor a hop.
    Ready(Child),
    /// It has to be waited for.
    Waiting(Pin<Box<dyn Future<Output = Child> + Send + 'a>>),
}

impl fmt::Debug for Getitem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoItems => "Getitem::NoItems",
            Self::Ready(_) => "Getitem::Ready",
            Self::Waiting(_) => "Getitem::Waiting",
        })
    }
}

/// The way from a resource to a trait that it provides.
pub type Cast = fn(Arc<dyn Resource>) -> Option<Box<dyn Any>>;

/// A trait that a resource declares to provide, with the way from the resource to it.
///
/// Made by `#[resource(provides = dyn Titled)]`.
#[derive(Debug, Clone, Copy)]
pub struct Interface {
    /// The trait, as `dyn Trait`.
    pub key: TypeKey,
    /// From the resource, as `Arc<dyn Resource>`, to `Arc<dyn Trait>` in a box that knows its type; `None` where the resource
    /// is of another type.
    pub cast: Cast,
}
