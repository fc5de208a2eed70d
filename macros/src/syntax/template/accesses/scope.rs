//! The names that a template makes itself.

use std::collections::{HashMap, HashSet};

use super::Path;

/// Names with the paths of their values, or without where nobody knows; the innermost last.
#[derive(Debug)]
pub(in crate::syntax::template) struct Scopes<'a> {
    names: Vec<HashMap<&'a str, Option<Path>>>,
    /// All names that were ever made, in this scope or another.
    made: HashSet<&'a str>,
    /// How many conditions led here.
    conditions: usize,
}

impl<'a> Scopes<'a> {
    pub(super) fn new() -> Self {
        Self { names: vec![HashMap::new()], made: HashSet::new(), conditions: 0 }
    }

    pub(super) fn push(&mut self) {
        self.names.push(HashMap::new());
    }

    pub(super) fn pop(&mut self) {
        self.names.pop();
    }

    /// What follows may not be rendered.
    pub(super) fn push_condition(&mut self) {
        self.conditions += 1;
    }

    pub(super) fn pop_condition(&mut self) {
        self.conditions -= 1;
    }

    /// What is known of a name that the template has made.
    pub(super) fn get(&self, name: &str) -> Option<&Option<Path>> {
        self.names.iter().rev().find_map(|scope| scope.get(name))
    }

    pub(super) fn bind(&mut self, name: &'a str, path: Option<Path>) {
        let scope = self.names.last_mut().expect("the outermost scope is never left");
        scope.insert(name, path);
        self.made.insert(name);
    }

    /// Takes up the names that were made in a template of its own.
    pub(super) fn take_made(&mut self, other: Self) {
        self.made.extend(other.made);
    }

    /// Whether the name was made somewhere.
    pub(in crate::syntax::template) fn is_made(&self, name: &str) -> bool {
        self.made.contains(name)
    }

    /// `{% set %}`: one that may not be rendered leaves open what the name means afterwards.
    pub(super) fn set(&mut self, name: &'a str, path: Option<Path>) {
        let path = if self.conditions > 0 { None } else { path };
        self.bind(name, path);
    }
}
