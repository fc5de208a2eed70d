//! Where a walk has led.

use std::sync::Arc;

use super::located::Located;
use super::path::TraversalPath;

/// What came of a walk: the context, the name of the view, and what was left over. A clone is the same, and cheap.
#[derive(Debug, Clone)]
pub struct Traversed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: TraversalPath,
    /// How many of the names were walked.
    walked: usize,
    context: Located,
    root: Located,
    virtual_root: Located,
}

impl Traversed {
    pub(super) fn new(
        path: TraversalPath,
        walked: usize,
        [context, root, virtual_root]: [Located; 3],
    ) -> Self {
        Self(Arc::new(Inner { path, walked, context, root, virtual_root }))
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
        let name = self.0.path.names.get(self.0.walked).unwrap_or("");
        name.strip_prefix("@@").unwrap_or(name)
    }

    /// Whether all names were walked, so that no view was named.
    fn is_whole(&self) -> bool {
        self.0.walked == self.0.path.names.len()
    }

    /// The names behind that of the view; where all were walked, what the route says.
    pub fn subpath(&self) -> impl ExactSizeIterator<Item = &str> {
        let Inner { path, walked, .. } = &*self.0;
        let (names, from) = if self.is_whole() { (&path.subpath, 0) } else { (&path.names, walked + 1) };
        names.iter().skip(from)
    }

    /// The names that were walked, those of the virtual root included.
    pub fn traversed(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.path.names.iter().take(self.0.walked)
    }

    /// The names that were to lead to the virtual root; none where there is no such path.
    pub fn virtual_root_path(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.path.names.iter().take(self.0.path.above)
    }
}
