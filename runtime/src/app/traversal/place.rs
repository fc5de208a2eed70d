//! Places in a tree, and the walks that have found them.

use std::iter;
use std::sync::Arc;

use smallvec::SmallVec;

use super::located::Located;
use super::path::TraversalPath;
use super::resource::Resource;

/// What a walk came through. All the places on it share it, so that a step of a walk allocates nothing.
pub(super) struct Trail {
    /// Where it began; `None` at a root, which then is the first of the resources.
    start: Option<Place>,
    path: TraversalPath,
    /// Those that were reached, one after the other.
    resources: SmallVec<[Arc<dyn Resource>; 8]>,
}

/// A resource on a trail, and thereby all those that it hangs below.
#[derive(Clone)]
pub(super) struct Place {
    trail: Arc<Trail>,
    index: usize,
}

impl Trail {
    /// Begins at the root of a tree.
    pub(super) fn from_root(root: Arc<dyn Resource>, path: TraversalPath) -> Self {
        let mut resources = SmallVec::new();
        resources.push(root);
        Self { start: None, path, resources }
    }

    /// Begins at a place on another one, or the same.
    pub(super) fn from_place(start: Place, path: TraversalPath) -> Self {
        Self { start: Some(start), path, resources: SmallVec::new() }
    }

    /// What is walked.
    pub(super) fn path(&self) -> &TraversalPath {
        &self.path
    }

    /// How many names were walked.
    pub(super) fn walked(&self) -> usize {
        self.resources.len() - self.unnamed()
    }

    /// How many resources were there before the first name.
    fn unnamed(&self) -> usize {
        usize::from(self.start.is_none())
    }

    /// The resource at its end.
    pub(super) fn last(&self) -> &Arc<dyn Resource> {
        match (self.resources.last(), &self.start) {
            (Some(last), _) => last,
            (None, Some(start)) => start.resource(),
            (None, None) => unreachable!("a trail that begins at a root has at least that"),
        }
    }

    /// Goes on to a child, by the next name of the path.
    pub(super) fn push(&mut self, child: Arc<dyn Resource>) {
        self.resources.push(child);
    }
}

impl Place {
    /// The root of a tree.
    pub(super) fn root_of_tree(resource: Arc<dyn Resource>) -> Self {
        Self { trail: Arc::new(Trail::from_root(resource, TraversalPath::default())), index: 0 }
    }

    /// What hangs here under that name.
    pub(super) fn child(self, name: &str, resource: Arc<dyn Resource>) -> Self {
        let mut trail = Trail::from_place(self, TraversalPath::of_name(name));
        trail.push(resource);
        Self { trail: Arc::new(trail), index: 0 }
    }

    /// Where so many names of a trail have led.
    pub(super) fn after(trail: &Arc<Trail>, walked: usize) -> Self {
        match (&trail.start, walked.checked_sub(1)) {
            (Some(start), None) => start.clone(),
            (Some(_), Some(index)) => Self { trail: Arc::clone(trail), index },
            (None, _) => Self { trail: Arc::clone(trail), index: walked },
        }
    }

    pub(super) fn resource(&self) -> &Arc<dyn Resource> {
        Step::at(self).resource()
    }

    /// The name that led here; empty for a root.
    pub(super) fn name(&self) -> &str {
        Step::at(self).name()
    }

    pub(super) fn parent(&self) -> Option<Self> {
        Step::at(self).parent().map(Step::place)
    }

    /// It, its parent, and so on up to the root.
    pub(super) fn lineage(&self) -> impl Iterator<Item = Step<'_>> {
        iter::successors(Some(Step::at(self)), |step| step.parent())
    }

    pub(super) fn root(&self) -> Self {
        let mut step = Step::at(self);
        while let Some(parent) = step.parent() {
            step = parent;
        }
        step.place()
    }

    pub(super) fn located(self) -> Located {
        Located::known(Arc::clone(self.resource()), self)
    }
}

/// A place that is borrowed.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    trail: &'a Arc<Trail>,
    index: usize,
}

impl<'a> Step<'a> {
    fn at(place: &'a Place) -> Self {
        Self { trail: &place.trail, index: place.index }
    }

    pub(super) fn place(self) -> Place {
        Place { trail: Arc::clone(self.trail), index: self.index }
    }

    pub(super) fn resource(self) -> &'a Arc<dyn Resource> {
        &self.trail.resources[self.index]
    }

    pub(super) fn name(self) -> &'a str {
        let Some(index) = self.index.checked_sub(self.trail.unnamed()) else { return "" };
        self.trail.path.names.get(index).unwrap_or("")
    }

    pub(super) fn is_root(self) -> bool {
        self.index == 0 && self.trail.start.is_none()
    }

    fn parent(self) -> Option<Self> {
        match self.index.checked_sub(1) {
            Some(index) => Some(Self { trail: self.trail, index }),
            None => self.trail.start.as_ref().map(Self::at),
        }
    }
}

/// One after the other: trails that begin on each other can be many, and the stack of a thread is not large.
impl Drop for Trail {
    fn drop(&mut self) {
        let mut start = self.start.take();
        while let Some(mut last) = start.and_then(|start| Arc::into_inner(start.trail)) {
            start = last.start.take();
        }
    }
}
