//! What a tree is made of.

use std::any::{Any, TypeId};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::app::security::ResourceAcl;
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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no resource",
    label = "does not implement `Resource`",
    note = "write `#[resource]` above a struct, or above an `impl` block with a `getitem`",
    note = "a trait that resources provide is one of its kind: `trait Titled: Resource`"
)]
pub trait Resource: Any + Send + Sync {
    /// The child of that name. The default is that there are no children at all, nor can be.
    fn getitem<'a>(&'a self, _name: &'a str) -> Getitem<'a> {
        Getitem::NoItems
    }

    /// The interfaces that it declares, the most specific first; a view can be for an interface instead of a type.
    fn provides(&self) -> &'static [Interface] {
        &[]
    }

    /// Who may do what with it, and with what hangs below it, for policies that go by [access control
    /// lists](crate::security::Acl). The default is that it does not say. Pyramid's `__acl__`.
    fn acl(&self) -> ResourceAcl<'_> {
        ResourceAcl::None
    }

    /// Puts itself into `slot` if that is an `Option<Arc<Self>>`: the way back from `dyn Resource` to the type itself. There is
    /// no reason to write it anew.
    #[doc(hidden)]
    fn put_into(self: Arc<Self>, slot: &mut dyn Any) {
        if let Some(slot) = slot.downcast_mut() {
            *slot = Some(self);
        }
    }
}

/// A child on its way, or the news that there is none.
pub type ChildFuture<'a> = Pin<Box<dyn Future<Output = Result<Option<Arc<dyn Resource>>>> + Send + 'a>>;

/// What came of asking a resource for a child.
pub enum Getitem<'a> {
    /// It is no container.
    NoItems,
    /// What there is: a child, or `None` where there is none of that name; any other trouble is an error, which ends the
    /// request. Costs neither a box nor a hop.
    Ready(Result<Option<Arc<dyn Resource>>>),
    /// It has to be waited for. The future does nothing before it is polled, and may be dropped without that: a walk that comes
    /// to its first one asks again when it is ready to wait.
    Waiting(ChildFuture<'a>),
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

/// A trait that a resource declares to provide, with the way from the resource to it.
///
/// Made by `#[resource(provides = dyn Titled)]`.
#[derive(Debug, Clone, Copy)]
pub struct Interface {
    /// The trait, as `dyn Trait`.
    pub key: TypeKey,
    /// Puts the resource into the slot, which is an `Option<Arc<dyn Trait>>`; leaves it empty where the resource is of another
    /// type.
    pub cast: fn(Arc<dyn Resource>, &mut dyn Any),
}

/// The resource as a `T`: its own type, a trait that it provides, or `dyn Resource`.
pub(crate) fn cast<T: Resource + ?Sized>(resource: &Arc<dyn Resource>) -> Option<Arc<T>> {
    let mut slot: Option<Arc<T>> = None;
    let any: &mut dyn Any = &mut slot;
    if let Some(slot) = any.downcast_mut::<Option<Arc<dyn Resource>>>() {
        *slot = Some(Arc::clone(resource));
    } else if type_of(resource) == TypeId::of::<T>() {
        Arc::clone(resource).put_into(any);
    } else if let Some(interface) =
        resource.provides().iter().find(|interface| interface.key.id() == TypeId::of::<T>())
    {
        (interface.cast)(Arc::clone(resource), any);
    }
    slot
}

/// The type that a resource really has.
pub(crate) fn type_of(resource: &Arc<dyn Resource>) -> TypeId {
    // Not `resource.type_id()`, which is that of the pointer.
    let any: &dyn Any = &**resource;
    any.type_id()
}

/// What the cast of an [`Interface`] comes to, for resources of type `R`.
pub fn cast_to<R: Resource, T: Resource + ?Sized>(
    resource: Arc<dyn Resource>,
    slot: &mut dyn Any,
    as_interface: fn(Arc<R>) -> Arc<T>,
) {
    let mut own: Option<Arc<R>> = None;
    resource.put_into(&mut own);
    if let Some(slot) = slot.downcast_mut() {
        *slot = own.map(as_interface);
    }
}
