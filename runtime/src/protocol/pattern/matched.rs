//! What a request keeps of its match.

use std::sync::Arc;

use super::matcher::Matcher;
use super::values::Values;
use crate::protocol::url;

/// A match: which route, and the places of the values in the path. The path itself is kept by whoever asks.
#[derive(Debug, Clone)]
pub struct Match {
    matcher: Arc<Matcher>,
    route: usize,
    values: Values,
}

impl Match {
    /// The match of the route at `route` in the table, with the values that the table found.
    pub fn new(matcher: Arc<Matcher>, route: usize, values: Values) -> Self {
        Self { matcher, route, values }
    }

    /// The place of the route in the table.
    pub fn route(&self) -> usize {
        self.route
    }

    /// The pattern that matched.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// The text of the placeholder at `index`: its place among the pattern's placeholders, from 0.
    pub fn value<'p>(&self, index: usize, path: &'p str) -> Option<&'p str> {
        self.values.get(index, path)
    }

    /// The text of the placeholder, final `*name` or inner group called `name`.
    pub fn value_of<'p>(&self, name: &str, path: &'p str) -> Option<&'p str> {
        self.matcher.value_of(name, &self.values, path)
    }

    /// The segments that a final `*name` took, with dots resolved; none where the pattern has no such thing.
    pub fn rest<'p>(&self, path: &'p str) -> impl Iterator<Item = &'p str> + use<'p> {
        url::path_segments(self.matcher.rest(&self.values, path).unwrap_or("")).into_iter()
    }

    /// All names with their texts, in the order of the pattern. A group that took no part in the match is left out.
    pub fn iter<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let names = self.matcher.names().enumerate();
        names.filter_map(move |(index, name)| Some((name, self.values.get(index, path)?)))
    }
}
