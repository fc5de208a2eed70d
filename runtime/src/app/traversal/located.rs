//! A resource and where it is.

use std::fmt;
use std::iter;
use std::ops::Deref;
use std::ptr;
use std::sync::Arc;

use super::child::IntoChild;
use super::names::Name;
use super::path::ResourcePath;
use super::resource::{Resource, cast, type_of};
use super::walk::Walk;
use crate::app::type_key::TypeKey;
use crate::error::Result;
use crate::protocol::url;

/// A resource with its place in the tree: its name, and the resources that led to it. Pyramid's `__name__` and `__parent__`.
///
/// A resource does not know where it is: the same one may hang in several places, or be made anew by every walk. So the place
/// is noted while a path is walked, and goes with the resource.
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
    node: Arc<Node>,
    resource: Arc<T>,
}

/// A place: a link of the chain that leads up to the root.
pub(super) struct Node {
    pub(super) resource: Arc<dyn Resource>,
    parent: Option<Arc<Node>>,
    name: Name,
}

impl Node {
    /// The root of a tree.
    pub(super) fn root(resource: Arc<dyn Resource>) -> Arc<Self> {
        Arc::new(Self { resource, parent: None, name: Name::default() })
    }

    /// What hangs in `parent` under that name.
    pub(super) fn child(parent: Arc<Self>, name: Name, resource: Arc<dyn Resource>) -> Arc<Self> {
        Arc::new(Self { resource, parent: Some(parent), name })
    }

    fn lineage(node: &Arc<Self>) -> impl Iterator<Item = &Arc<Self>> {
        iter::successors(Some(node), |node| node.parent.as_ref())
    }

    /// The resource there.
    pub(super) fn located(node: &Arc<Self>) -> Located {
        Located { resource: Arc::clone(&node.resource), node: Arc::clone(node) }
    }
}

/// One after the other: a path can be long, and the stack of a thread is not.
impl Drop for Node {
    fn drop(&mut self) {
        let mut parent = self.parent.take();
        while let Some(mut last) = parent.and_then(Arc::into_inner) {
            parent = last.parent.take();
        }
    }
}

impl Located {
    /// Of the root of a tree: no name, no parent.
    pub fn new(resource: impl IntoChild) -> Self {
        Node::located(&Node::root(resource.into_child()))
    }
}

impl<T: Resource + ?Sized> Located<T> {
    fn at(node: &Arc<Node>) -> Option<Self> {
        Some(Self { resource: cast(&node.resource)?, node: Arc::clone(node) })
    }

    /// The resource itself.
    pub fn resource(&self) -> &Arc<T> {
        &self.resource
    }

    /// The name that led from the parent to it, decoded; empty for the root.
    pub fn name(&self) -> &str {
        self.node.name.as_str()
    }

    /// What it was reached from; `None` for the root.
    pub fn parent(&self) -> Option<Located> {
        self.node.parent.as_ref().map(Node::located)
    }

    /// The resource, its parent, and so on up to the root.
    pub fn lineage(&self) -> impl Iterator<Item = Located> {
        Node::lineage(&self.node).map(Node::located)
    }

    /// The root of the tree. Pyramid's `find_root`.
    pub fn root(&self) -> Located {
        Node::located(self.root_node())
    }

    fn root_node(&self) -> &Arc<Node> {
        // A lineage is never empty.
        Node::lineage(&self.node).last().unwrap_or(&self.node)
    }

    /// The nearest in its lineage, itself included, that is a `U`: of that type, or one that provides `dyn Trait`.
    pub fn find_interface<U: Resource + ?Sized>(&self) -> Option<Located<U>> {
        Node::lineage(&self.node).find_map(Located::at)
    }

    /// Whether it is `other`, or hangs somewhere below it. Two are the same where they are one resource in memory.
    pub fn inside<U: Resource + ?Sized>(&self, other: &Located<U>) -> bool {
        let other = Arc::as_ptr(&other.node.resource);
        Node::lineage(&self.node).any(|node| ptr::addr_eq(Arc::as_ptr(&node.resource), other))
    }

    /// As a `U`, if it is one: its own type, or a `dyn Trait` that it provides.
    pub fn downcast<U: Resource + ?Sized>(&self) -> Option<Located<U>> {
        Located::at(&self.node)
    }

    /// As any resource.
    pub fn upcast(&self) -> Located {
        Node::located(&self.node)
    }

    /// The place of a child that was not walked to: `name` below this one. To make its URL, for one.
    pub fn child(&self, name: &str, resource: impl IntoChild) -> Located {
        Node::located(&Node::child(Arc::clone(&self.node), name.into(), resource.into_child()))
    }

    /// The names that lead from the root to it; none for the root itself.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = Node::lineage(&self.node)
            .filter(|node| node.parent.is_some())
            .map(|node| node.name.as_str())
            .collect();
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
                let start = if from_root { self.root_node() } else { &self.node };
                Walk::begin(Arc::clone(start), path)
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
    #[allow(dead_code, reason = "the router is about to look views up by these")]
    pub(crate) fn contexts(&self) -> impl Iterator<Item = std::any::TypeId> {
        let interfaces = self.node.resource.provides().iter().map(|interface| interface.key.id());
        iter::once(type_of(&self.node.resource))
            .chain(interfaces)
            .chain(iter::once(TypeKey::of::<dyn Resource>().id()))
    }
}

impl<T: ?Sized> Clone for Located<T> {
    fn clone(&self) -> Self {
        Self { node: Arc::clone(&self.node), resource: Arc::clone(&self.resource) }
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
        write!(f, "Located({})", Node::located(&self.node).resource_path(&[]))
    }
}
