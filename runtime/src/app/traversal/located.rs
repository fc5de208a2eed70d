//! A resource and where it is.

use std::fmt;
use std::iter;
use std::ops::Deref;
use std::ptr;
use std::sync::Arc;

use super::child::IntoChild;
use super::path::ResourcePath;
use super::place::{Place, Step, Trail};
use super::resource::{Resource, cast, type_of};
use super::walk::Walk;
use crate::app::type_key::TypeKey;
use crate::error::Result;
use crate::protocol::url;

/// A resource with its place in the tree: its name, and the resources that led to it. Pyramid's `__name__` and `__parent__`.
///
/// A resource does not know where it is: the same one may hang in several places, or be made anew by every walk. So the place
/// is noted while a path is walked, and goes with the resource. With it go all those that the walk came through.
///
/// `T` is what the resource is known as: its own type, a trait that it [provides](macro@crate::resource), or `dyn Resource`.
/// It is read through this value; a method of its own that is called as one of these is reached as
/// [`located.resource().name()`](Self::resource). A clone is the same place, and cheap.
///
/// ```
/// use std::sync::Arc;
/// use aiopyramid::traversal::{Getitem, Located, Resource};
///
/// struct Library;
/// struct Shelf { books: usize }
///
/// impl Resource for Shelf {}
/// impl Resource for Library {
///     fn getitem<'a>(&'a self, name: &'a str) -> Getitem<'a> {
///         let shelf = (name == "poems").then(|| Arc::new(Shelf { books: 3 }) as Arc<dyn Resource>);
///         Getitem::Ready(Ok(shelf))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> aiopyramid::Result<()> {
/// let library = Located::new(Library);
/// let poems = library.find_resource("/poems").await?.expect("there is such a shelf");
/// assert_eq!(poems.resource_path(&["edit"]), "/poems/edit");
/// assert_eq!(poems.downcast::<Shelf>().map(|shelf| shelf.books), Some(3));
/// assert!(poems.find_interface::<Library>().is_some());
/// # Ok(())
/// # }
/// ```
pub struct Located<T: ?Sized = dyn Resource> {
    place: Place,
    resource: Arc<T>,
}

impl Located {
    /// Of the root of a tree: no name, no parent.
    pub fn new(resource: impl IntoChild) -> Self {
        Place::root_of_tree(resource.into_child()).located()
    }

    /// Of a resource that is known to be at that place.
    pub(super) fn known(resource: Arc<dyn Resource>, place: Place) -> Self {
        Self { place, resource }
    }
}

impl<T: Resource + ?Sized> Located<T> {
    fn at(step: Step<'_>) -> Option<Self> {
        Some(Self { resource: cast(step.resource())?, place: step.place() })
    }

    /// The resource itself.
    pub fn resource(&self) -> &Arc<T> {
        &self.resource
    }

    /// The name that led from the parent to it, decoded; empty for the root.
    pub fn name(&self) -> &str {
        self.place.name()
    }

    /// What it was reached from; `None` for the root.
    pub fn parent(&self) -> Option<Located> {
        self.place.parent().map(Place::located)
    }

    /// The resource, its parent, and so on up to the root.
    pub fn lineage(&self) -> impl Iterator<Item = Located> {
        self.place.lineage().map(|step| step.place().located())
    }

    /// The root of the tree. Pyramid's `find_root`.
    pub fn root(&self) -> Located {
        self.place.root().located()
    }

    /// The nearest in its lineage, itself included, that is a `U`: of that type, or one that provides `dyn Trait`.
    pub fn find_interface<U: Resource + ?Sized>(&self) -> Option<Located<U>> {
        self.place.lineage().find_map(Located::at)
    }

    /// Whether it is `other`, or hangs somewhere below it. Two are the same where they are one resource in memory.
    pub fn inside<U: Resource + ?Sized>(&self, other: &Located<U>) -> bool {
        let other = Arc::as_ptr(other.place.resource());
        self.place.lineage().any(|step| ptr::addr_eq(Arc::as_ptr(step.resource()), other))
    }

    /// As a `U`, if it is one: its own type, or a `dyn Trait` that it provides.
    pub fn downcast<U: Resource + ?Sized>(&self) -> Option<Located<U>> {
        Some(Located { resource: cast(self.place.resource())?, place: self.place.clone() })
    }

    /// As any resource.
    pub fn upcast(&self) -> Located {
        self.place.clone().located()
    }

    /// The place of a child that was not walked to: `name` below this one. To make its URL, for one.
    pub fn child(&self, name: &str, resource: impl IntoChild) -> Located {
        self.place.clone().child(name, resource.into_child()).located()
    }

    /// The names that lead from the root to it; none for the root itself.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.place.lineage().filter(|step| !step.is_root()).map(Step::name).collect();
        names.reverse();
        names
    }

    /// The path from the root to it, encoded, with more segments behind it: `/poems/d%2Fe/edit`. The root's is `/`.
    /// [`find_resource`](Self::find_resource) leads back.
    ///
    /// It has nothing to do with the server; for a URL see
    /// [`request.resource_url`](crate::RequestExt::resource_url).
    pub fn resource_path(&self, elements: &[&str]) -> String {
        let mut path = String::new();
        for name in self.names().iter().chain(elements) {
            path.push('/');
            url::push_segment(&mut path, name);
        }
        if path.is_empty() {
            path.push('/');
        }
        path
    }

    /// The same as a list of names, not encoded; it begins with an empty one, as Pyramid's does.
    pub fn resource_path_tuple(&self, elements: &[&str]) -> Vec<String> {
        let names = self.names();
        iter::once(&"").chain(&names).chain(elements).map(|name| (*name).to_owned()).collect()
    }

    /// Walks from here: encoded text, or a list of names, each as it is. It begins at the root where the text begins with `/`, or
    /// the list with an empty name. Pyramid's `traverse`.
    ///
    /// # Errors
    /// Where the text is none in UTF-8 after decoding, or asking a resource fails.
    pub fn traverse(&self, path: impl ResourcePath) -> Walk {
        match path.to_path() {
            Ok((from_root, path)) => {
                let start = if from_root { self.place.root() } else { self.place.clone() };
                Walk::begin(Trail::from_place(start, path))
            }
            Err(error) => Walk::ready(Err(error)),
        }
    }

    /// The resource that a [path](Self::traverse) leads to; `None` where the path leads to none, and to a view at most.
    ///
    /// # Errors
    /// As [`traverse`](Self::traverse).
    pub async fn find_resource(&self, path: impl ResourcePath) -> Result<Option<Located>> {
        // Begun before it is awaited, so that the path need not be kept.
        let walk = self.traverse(path);
        let traversed = walk.await?;
        Ok(traversed.view_name().is_empty().then(|| traversed.context().clone()))
    }

    /// What views of it can be for, the most specific first: its type, what it provides, any resource.
    pub(crate) fn contexts(&self) -> impl Iterator<Item = std::any::TypeId> {
        let interfaces = self.place.resource().provides().iter().map(|interface| interface.key.id());
        iter::once(type_of(self.place.resource()))
            .chain(interfaces)
            .chain(iter::once(TypeKey::of::<dyn Resource>().id()))
    }
}

impl<T: ?Sized> Clone for Located<T> {
    fn clone(&self) -> Self {
        Self { place: self.place.clone(), resource: Arc::clone(&self.resource) }
    }
}

impl<T: ?Sized> Deref for Located<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.resource
    }
}

/// Its path.
impl<T: ?Sized> fmt::Debug for Located<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Located({})", self.place.clone().located().resource_path(&[]))
    }
}
