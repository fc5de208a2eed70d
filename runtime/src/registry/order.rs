//! The order in which routes are tried.
//!
//! Routes that are added by a call keep the order of the calls. Those that are declared have no order of their own in a
//! program, so they are tried by how specific they are, all of them where the scan stands that took them up; two that are
//! equally specific and that one path could match are a fault, unless an explicit `order` tells them apart.

use std::collections::HashMap;

use aiopyramid_pattern::{Pattern, Specificity};

use super::fault::Fault;
use crate::app::origin::Origin;
use crate::app::route::Reverse;

/// A route that is to be put into its place.
pub(super) trait Placed {
    fn name(&self) -> &str;
    fn pattern(&self) -> &str;
    /// The explicit order of a declared route; `None` for one that was added by a call.
    fn declared(&self) -> Option<i32>;
    /// The place of the directive that it comes from.
    fn position(&self) -> usize;
    fn origin(&self) -> Origin;
}

/// Puts routes into the order in which they are tried.
pub(super) fn arrange<R: Placed>(routes: Vec<R>, faults: &mut Vec<Fault>) -> Vec<R> {
    // A pattern that cannot be parsed is a fault of its own, which is found elsewhere; where it stands does not matter.
    let mut keyed: Vec<(R, Option<Pattern>)> = routes
        .into_iter()
        .map(|route| {
            let pattern = Pattern::parse(route.pattern()).ok();
            (route, pattern)
        })
        .collect();
    refuse_ambiguity(&keyed, faults);
    keyed.sort_by_cached_key(|(route, pattern)| {
        let among =
            route.declared().map(|order| (pattern.as_ref().map(Pattern::specificity), order, route.origin()));
        (is_external(route.pattern()), route.position(), among)
    });
    keyed.into_iter().map(|(route, _)| route).collect()
}

/// Whether a pattern names another server: such a route matches nothing here, and stands after all that do.
fn is_external(pattern: &str) -> bool {
    Reverse::new("", pattern).is_ok_and(|route| route.is_external())
}

/// A route as a message names it. One that stands in a view is called after its pattern, which need not be said twice.
fn named<R: Placed>(route: &R) -> String {
    match (route.name(), route.pattern()) {
        (name, pattern) if name == pattern => format!("`{pattern}`"),
        (name, pattern) => format!("`{name}` (`{pattern}`)"),
    }
}

/// What two routes have in common that could be in each other's way: the place of their scan, their explicit order, how
/// specific they are, and the segments that are text.
type Group<'a> = (usize, i32, Specificity, Vec<&'a str>);

/// Two declared routes that are equally specific, have the same explicit order and could match one path.
fn refuse_ambiguity<R: Placed>(routes: &[(R, Option<Pattern>)], faults: &mut Vec<Fault>) {
    let mut groups: HashMap<Group<'_>, Vec<(&R, &Pattern)>> = HashMap::new();
    for (route, pattern) in routes {
        if let (Some(order), Some(pattern)) = (route.declared(), pattern) {
            // Patterns with other literal segments cannot meet, which keeps the groups small.
            let literals = pattern.literal_segments().collect();
            let key = (route.position(), order, pattern.specificity(), literals);
            groups.entry(key).or_default().push((route, pattern));
        }
    }
    for group in groups.values() {
        for (place, (one, pattern)) in group.iter().enumerate() {
            for (other, _) in group[place + 1..].iter().filter(|(_, other)| pattern.overlaps(other)) {
                let message = format!(
                    "the routes {} and {} are equally specific, and one path can match both",
                    named(*one),
                    named(*other)
                );
                faults.push(
                    Fault::new(message, [one.origin(), other.origin()])
                        .with_help("say which is tried first: `order = 1` on the other one\nor let their views share one route"),
                );
            }
        }
    }
}
