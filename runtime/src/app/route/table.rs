//! The first of many routes that matches a path.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use smallvec::SmallVec;

use super::edges::{Edges, NONE, number};
use super::tree::{Tree, Visitor};
use crate::protocol::pattern::{Cuts, Matcher, Segments, Values};

/// Routes in the order in which they are tried.
///
/// The answer is that of trying one after the other, as Pyramid does; the work is not. A path that is a route's pattern
/// literally is looked up whole, others go down a tree by their segments, and only routes that may match are looked at. Ten
/// thousand routes cost what ten do, unless they are such that a path could really be any of them. A look-up needs no memory
/// of its own, apart from patterns that only a regular expression over the whole path can match.
///
/// ```
/// use std::sync::Arc;
///
/// use aiopyramid::pattern::Matcher;
/// use aiopyramid::route::RouteTable;
///
/// let patterns = ["/users/{id}", "/users/new", "/*path"];
/// let matchers = patterns.map(|pattern| Arc::new(Matcher::parse(pattern).unwrap()));
/// let table = RouteTable::new(matchers);
///
/// let (route, values) = table.find("/users/new", |_, _| true).unwrap();
/// assert_eq!((route, values.get(0, "/users/new")), (0, Some("new")));
/// let (route, _) = table.find("/users/new", |route, _| route > 0).unwrap();
/// assert_eq!(route, 1);
/// ```
pub struct RouteTable {
    matchers: Box<[Arc<Matcher>]>,
    /// Paths without placeholders, each with the first of its routes.
    literals: Edges,
    /// For each route without placeholders, the next with the same path.
    same: Box<[u32]>,
    tree: Tree,
    /// For each route without placeholders, whether no other route that matches its path comes before it.
    unrivalled: Box<[bool]>,
}

impl RouteTable {
    /// The table of these routes, in this order. The place of a route is the number by which it is called.
    ///
    /// # Panics
    /// With 2^32 routes or more.
    pub fn new(matchers: impl IntoIterator<Item = Arc<Matcher>>) -> Self {
        let matchers: Box<[Arc<Matcher>]> = matchers.into_iter().collect();
        let mut same = vec![NONE; matchers.len()].into_boxed_slice();
        let mut firsts = BTreeMap::new();
        // From the back, so that what is known of a path when a route is met are the later ones.
        for (route, matcher) in matchers.iter().enumerate().rev() {
            if let Some(path) = matcher.literal() {
                same[route] = firsts.insert(path, number(route)).unwrap_or(NONE);
            }
        }
        let literals = Edges::new(firsts.iter().map(|(path, route)| (0, path.as_bytes(), *route)));
        let others = matchers.iter().enumerate().filter(|(_, matcher)| matcher.literal().is_none());
        let tree = Tree::new(others.map(|(route, matcher)| (number(route), matcher.pattern())));
        let unrivalled = vec![false; matchers.len()].into_boxed_slice();
        let mut table = Self { matchers, literals, same, tree, unrivalled };
        // Found out once by asking for each literal path, because few are below the first route of the tree in a large table.
        table.unrivalled = (0..table.matchers.len()).map(|route| table.is_unrivalled(route)).collect();
        table
    }

    fn is_unrivalled(&self, route: usize) -> bool {
        let path = self.matchers[route].literal();
        path.is_some_and(|path| self.find(path, |_, _| true).is_some_and(|(found, _)| found == route))
    }

    /// How many routes there are.
    pub fn len(&self) -> usize {
        self.matchers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.matchers.is_empty()
    }

    /// The matcher of the route at `route`.
    pub fn matcher(&self, route: usize) -> Option<&Arc<Matcher>> {
        self.matchers.get(route)
    }

    /// The first route that matches `path` and that `accept` accepts, with the values of its placeholders.
    ///
    /// `path` is decoded; the empty one counts as `/`. `accept` is asked in the order of the routes, once for each that
    /// matches, and not again after it has accepted one.
    pub fn find(
        &self,
        path: &str,
        mut accept: impl FnMut(usize, &Values) -> bool,
    ) -> Option<(usize, Values)> {
        let path = if path.is_empty() { "/" } else { path };
        let literal = self.literals.get(0, path.as_bytes()).unwrap_or(NONE);
        // The usual case of a literal route: no other comes before it, so the path is not even cut.
        if literal != NONE && self.unrivalled[literal as usize] {
            let values = Values::default();
            if accept(literal as usize, &values) {
                return Some((literal as usize, values));
            }
            return self.find_later(path, literal, literal, &mut accept);
        }
        if literal == NONE && self.tree.first() == NONE {
            return None;
        }
        let mut cuts = Cuts::of(self.tree.depth());
        let segments = Segments::cut(path, self.tree.depth(), &mut cuts)?;
        let mut search =
            First { matchers: &self.matchers, segments: &segments, limit: literal, values: None };
        self.tree.visit(&segments, &mut search);
        let found = search.limit;
        if found == NONE {
            return None;
        }
        let values = search.values.unwrap_or_default();
        if accept(found as usize, &values) {
            return Some((found as usize, values));
        }
        self.find_later(path, literal, found, &mut accept)
    }

    /// The same for routes behind `refused`. Rare enough to start anew, now with all that match, in order.
    #[cold]
    fn find_later(
        &self,
        path: &str,
        literal: u32,
        refused: u32,
        accept: &mut dyn FnMut(usize, &Values) -> bool,
    ) -> Option<(usize, Values)> {
        let mut cuts = Cuts::of(self.tree.depth());
        let segments = Segments::cut(path, self.tree.depth(), &mut cuts)?;
        let mut later = Later { refused, candidates: SmallVec::new() };
        self.tree.visit(&segments, &mut later);
        let mut candidates = later.candidates;
        let same = std::iter::successors(Some(literal), |route| self.same.get(*route as usize).copied());
        candidates.extend(same.take_while(|route| *route != NONE).filter(|route| *route > refused));
        candidates.sort_unstable();
        let mut values = Values::default();
        for route in candidates {
            let route = route as usize;
            if self.matchers[route].find_values(&segments, &mut values) && accept(route, &values) {
                return Some((route, values));
            }
        }
        None
    }
}

impl fmt::Debug for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns = self.matchers.iter().map(|matcher| matcher.pattern().as_str());
        f.debug_list().entries(patterns).finish()
    }
}

/// Looks for the first route that matches.
struct First<'t, 'p> {
    matchers: &'t [Arc<Matcher>],
    segments: &'t Segments<'p>,
    limit: u32,
    values: Option<Values>,
}

impl Visitor for First<'_, '_> {
    fn limit(&self) -> u32 {
        self.limit
    }

    fn candidate(&mut self, route: u32) {
        let mut values = Values::default();
        if self.matchers[route as usize].find_values(self.segments, &mut values) {
            self.limit = route;
            self.values = Some(values);
        }
    }
}

/// Collects the routes that may match, behind one that was refused.
struct Later {
    refused: u32,
    candidates: SmallVec<[u32; 16]>,
}

impl Visitor for Later {
    fn limit(&self) -> u32 {
        NONE
    }

    fn candidate(&mut self, route: u32) {
        if route > self.refused {
            self.candidates.push(route);
        }
    }
}
