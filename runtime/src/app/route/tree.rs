//! Which of many patterns may match a path, found segment by segment.

use std::collections::{BTreeMap, HashMap};

use aiopyramid_pattern::{Pattern, Segment};

use super::edges::{Edges, NONE, number};
use crate::protocol::pattern::Segments;

/// The patterns with placeholders, as a tree in which each step is one segment.
///
/// From a node there is a way for each text that a segment may be, for each text that it may begin or end with, and one for
/// any segment at all. A path follows all ways that fit it; what it reaches are candidates, whose placeholders are still to
/// be looked at.
///
/// Since each node lies on one way from the root, a path visits it at most once: the work is never more than the table is
/// large, whatever the path. Usually it is a handful of steps, because each node knows the first route behind it, so that
/// nothing is visited that could only come too late.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Box<[Node]>,
    edges: Edges,
    /// The number of segments that matter to anyone.
    depth: usize,
}

#[derive(Debug)]
struct Node {
    /// The first route at this node or behind it.
    first: u32,
    /// The way for any segment.
    any: u32,
    /// Whether there are ways for texts that a segment is.
    exact: bool,
    /// The routes whose last segment leads here, in order.
    ends: Box<[u32]>,
    /// What few nodes have.
    rare: Option<Box<Rare>>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Rare {
    /// The lengths of the texts that a segment may begin or end with, if there is a way for them, and those that the rest of
    /// the path may begin with.
    prefixes: Box<[u32]>,
    suffixes: Box<[u32]>,
    tail_prefixes: Box<[u32]>,
    /// The routes that take any number of segments from here on, in order.
    tails: Box<[u32]>,
}

/// What a way from a node asks of a segment. The edges of all nodes are in one map, so this becomes part of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Way {
    Exact,
    Prefix,
    Suffix,
    /// As `Prefix`, but of all that is left of the path.
    TailPrefix,
}

impl Way {
    fn key(self, node: u32) -> u32 {
        node * 4 + self as u32
    }
}

/// Who asks which routes may match.
pub(super) trait Visitor {
    /// Routes from this one on are of no interest.
    fn limit(&self) -> u32;

    /// A route that may match.
    fn candidate(&mut self, route: u32);
}

impl Tree {
    /// The tree of patterns, each with its place in the order. Patterns that are only text need not be in it.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = (u32, &'p Pattern)>) -> Self {
        let mut sketch = Sketch { nodes: vec![NodeSketch::default()], ways: BTreeMap::new(), depth: 0 };
        for (route, pattern) in patterns {
            sketch.add(route, pattern);
        }
        sketch.finish()
    }

    /// The number of segments into which a path should be [cut](Segments::cut).
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The first route in the tree; [`NONE`] where there is none.
    pub(super) fn first(&self) -> u32 {
        self.nodes[0].first
    }

    /// Shows the visitor all routes that may match, in no particular order.
    pub(super) fn visit(&self, segments: &Segments<'_>, visitor: &mut impl Visitor) {
        // The usual path has one way to go, as far as it goes: no need to be able to come back.
        let (mut index, mut depth) = (0, 0);
        loop {
            let node = &self.nodes[index as usize];
            if node.first >= visitor.limit() {
                return;
            }
            if depth == segments.count() {
                if segments.are(depth) {
                    show(&node.ends, visitor);
                }
                return;
            }
            let bytes = segments.bytes(depth);
            let exact = if node.exact { self.edges.get(Way::Exact.key(index), bytes) } else { None };
            index = match (exact, node.any) {
                _ if node.rare.is_some() => return self.visit_node(index, depth, segments, visitor),
                (None, NONE) => return,
                (Some(next), NONE) | (None, next) => next,
                (Some(_), _) => return self.visit_node(index, depth, segments, visitor),
            };
            depth += 1;
        }
    }

    /// The same from a node on, by all ways.
    #[inline(never)]
    fn visit_node(
        &self,
        mut index: u32,
        mut depth: usize,
        segments: &Segments<'_>,
        visitor: &mut impl Visitor,
    ) {
        loop {
            let node = &self.nodes[index as usize];
            if node.first >= visitor.limit() {
                return;
            }
            if depth == segments.count() {
                if segments.are(depth) {
                    show(&node.ends, visitor);
                }
                return;
            }
            if let Some(rare) = &node.rare {
                self.visit_rare(rare, index, depth, segments, visitor);
            }
            let exact =
                if node.exact { self.edges.get(Way::Exact.key(index), segments.bytes(depth)) } else { None };
            depth += 1;
            // The usual node has one way on: no need to come back to it.
            index = match (exact, node.any) {
                (None, NONE) => return,
                (Some(next), NONE) | (None, next) => next,
                (Some(next), any) => {
                    self.visit_node(next, depth, segments, visitor);
                    any
                }
            };
        }
    }

    fn visit_rare(
        &self,
        rare: &Rare,
        index: u32,
        depth: usize,
        segments: &Segments<'_>,
        visitor: &mut impl Visitor,
    ) {
        show(&rare.tails, visitor);
        let rest = &segments.path().as_bytes()[segments.place(depth).start..];
        for length in &rare.tail_prefixes {
            if let Some(text) = rest.get(..*length as usize)
                && let Some(next) = self.edges.get(Way::TailPrefix.key(index), text)
                && let Some(rare) = &self.nodes[next as usize].rare
            {
                show(&rare.tails, visitor);
            }
        }
        let segment = segments.bytes(depth);
        for length in &rare.prefixes {
            if let Some(text) = segment.get(..*length as usize)
                && let Some(next) = self.edges.get(Way::Prefix.key(index), text)
            {
                self.visit_node(next, depth + 1, segments, visitor);
            }
        }
        for length in &rare.suffixes {
            if let Some(start) = segment.len().checked_sub(*length as usize)
                && let Some(next) = self.edges.get(Way::Suffix.key(index), &segment[start..])
            {
                self.visit_node(next, depth + 1, segments, visitor);
            }
        }
    }
}

fn show(routes: &[u32], visitor: &mut impl Visitor) {
    for route in routes {
        if *route >= visitor.limit() {
            return;
        }
        visitor.candidate(*route);
    }
}

/// A tree that still grows.
struct Sketch {
    nodes: Vec<NodeSketch>,
    /// Sorted, so that the same patterns always make the same tree.
    ways: BTreeMap<(u32, Way, Box<str>), u32>,
    depth: usize,
}

#[derive(Default)]
struct NodeSketch {
    any: Option<u32>,
    ends: Vec<u32>,
    tails: Vec<u32>,
    first: Option<u32>,
}

impl Sketch {
    fn add(&mut self, route: u32, pattern: &Pattern) {
        let segments = pattern.segments();
        let end = segments.iter().position(Segment::may_contain_slash);
        let mut node = 0;
        self.come_by(node, route);
        for segment in &segments[..end.unwrap_or(segments.len())] {
            node = match (segment.literal(), segment.prefix(), segment.suffix()) {
                (Some(text), _, _) => self.step(node, Way::Exact, text),
                (None, "", "") => {
                    let next = number(self.nodes.len());
                    let next = *self.nodes[node as usize].any.get_or_insert(next);
                    self.ensure(next);
                    next
                }
                (None, "", suffix) => self.step(node, Way::Suffix, suffix),
                (None, prefix, _) => self.step(node, Way::Prefix, prefix),
            };
            self.come_by(node, route);
        }
        self.depth = self.depth.max(segments.len() + 1);
        let Some(tail) = end.map(|end| &segments[end]) else {
            self.nodes[node as usize].ends.push(route);
            return;
        };
        if !tail.prefix().is_empty() {
            node = self.step(node, Way::TailPrefix, tail.prefix());
            self.come_by(node, route);
        }
        self.nodes[node as usize].tails.push(route);
    }

    fn step(&mut self, node: u32, way: Way, text: &str) -> u32 {
        let next = number(self.nodes.len());
        let next = *self.ways.entry((node, way, text.into())).or_insert(next);
        self.ensure(next);
        next
    }

    fn ensure(&mut self, node: u32) {
        if node as usize == self.nodes.len() {
            self.nodes.push(NodeSketch::default());
        }
    }

    /// Routes come in order, so the first to come by a node is the first behind it.
    fn come_by(&mut self, node: u32, route: u32) {
        self.nodes[node as usize].first.get_or_insert(route);
    }

    fn finish(self) -> Tree {
        let mut lengths: HashMap<(u32, Way), Vec<u32>> = HashMap::new();
        for (node, way, text) in self.ways.keys() {
            let known = lengths.entry((*node, *way)).or_default();
            let length = number(text.len());
            if let Err(place) = known.binary_search(&length) {
                known.insert(place, length);
            }
        }
        let nodes = (0..).zip(self.nodes).map(|(index, node)| {
            let mut lengths_of = |way| lengths.remove(&(index, way)).unwrap_or_default().into_boxed_slice();
            let exact = !lengths_of(Way::Exact).is_empty();
            let rare = Rare {
                prefixes: lengths_of(Way::Prefix),
                suffixes: lengths_of(Way::Suffix),
                tail_prefixes: lengths_of(Way::TailPrefix),
                tails: node.tails.into(),
            };
            Node {
                first: node.first.unwrap_or(NONE),
                any: node.any.unwrap_or(NONE),
                exact,
                ends: node.ends.into(),
                rare: (rare != Rare::default()).then(|| Box::new(rare)),
            }
        });
        let nodes = nodes.collect();
        let edges =
            self.ways.iter().map(|((node, way, text), next)| (way.key(*node), text.as_bytes(), *next));
        Tree { nodes, edges: Edges::new(edges), depth: self.depth }
    }
}
