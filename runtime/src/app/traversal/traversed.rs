//! Where a walk has led.

use std::fmt;
use std::sync::Arc;

use super::located::Located;
use super::path::TraversalPath;
use super::place::{Place, Trail};

/// What came of a walk: the context, the name of the view, and what was left over. A clone is the same, and cheap.
#[derive(Clone)]
pub struct Traversed(pub(super) Arc<Inner>);

pub(super) struct Inner {
    context: Located,
    root: Located,
    virtual_root: Located,
    trail: Arc<Trail>,
}

impl Traversed {
    pub(super) fn new(trail: Arc<Trail>) -> Self {
        let located = |walked| Place::after(&trail, walked).located();
        let (walked, above) = (trail.walked(), trail.path().above);
        let (context, root) = (located(walked), located(0));
        let virtual_root = if above > 0 && above <= walked { located(above) } else { root.clone() };
        Self(Arc::new(Inner { context, root, virtual_root, trail }))
    }

    fn path(&self) -> &TraversalPath {
        self.0.trail.path()
    }

    /// How many of the names were walked.
    fn walked(&self) -> usize {
        self.0.trail.walked()
    }

    /// The resource at the end of the walk.
    pub fn context(&self) -> &Located {
        &self.0.context
    }

    /// The resource that the walk began with.
    pub fn root(&self) -> &Located {
        &self.0.root
    }

    /// The resource that the virtual root's path led to; the root where there is no such path, or it led to nothing.
    pub fn virtual_root(&self) -> &Located {
        &self.0.virtual_root
    }

    /// The name of the view: that of the first name without a resource, without its `@@`; empty where all were walked.
    pub fn view_name(&self) -> &str {
        let name = self.path().names.get(self.walked()).unwrap_or("");
        name.strip_prefix("@@").unwrap_or(name)
    }

    /// Whether all names were walked, so that no view was named.
    fn is_whole(&self) -> bool {
        self.walked() == self.path().names.len()
    }

    /// The names behind that of the view; where all were walked, what the route says.
    pub fn subpath(&self) -> impl ExactSizeIterator<Item = &str> {
        let path = self.path();
        let (names, from) =
            if self.is_whole() { (path.subpath(), 0) } else { (&path.names, self.walked() + 1) };
        names.iter().skip(from)
    }

    /// The names that were walked, those of the virtual root included.
    pub fn traversed(&self) -> impl ExactSizeIterator<Item = &str> {
        self.path().names.iter().take(self.walked())
    }

    /// The names that were to lead to the virtual root; none where there is no such path.
    pub fn virtual_root_path(&self) -> impl ExactSizeIterator<Item = &str> {
        self.path().names.iter().take(self.path().above)
    }
}

impl fmt::Debug for Traversed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traversed")
            .field("context", self.context())
            .field("root", self.root())
            .field("virtual_root", self.virtual_root())
            .field("view_name", &self.view_name())
            .finish_non_exhaustive()
    }
}
