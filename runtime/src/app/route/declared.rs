//! A route as a type: a struct whose fields are the placeholders of its pattern.

use std::fmt;

use crate::app::origin::Origin;
use crate::app::traversal::RootFactory;
use crate::app::view::predicate::{CustomPredicate, PredicateDeclaration};
use crate::protocol::pattern::{PathValue, PathValues};

/// A struct with `#[route]`: its name and pattern, and, as a [`PathValues`], what a URL is made of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no route",
    label = "not a struct with `#[route(\"/pattern\")]`",
    note = "write `#[route(\"/pattern\")]` above the struct, or the pattern itself: `route = \"/pattern\"`"
)]
pub trait Route: PathValues {
    /// What was written down.
    const DECLARATION: &'static RouteDeclaration;

    /// The placeholders in the order of the pattern.
    const PLACEHOLDERS: &'static [PlaceholderDeclaration];
}

/// A route that was declared by annotating a struct.
#[derive(Debug)]
pub struct RouteDeclaration {
    /// Its name.
    pub name: &'static str,
    /// Its pattern.
    pub pattern: &'static str,
    /// Decides between routes that are equally specific: the lower one is tried first.
    pub order: i32,
    /// What a request must be, besides having the path.
    pub predicates: &'static [PredicateDeclaration],
    /// Functions that a request must please.
    pub custom: &'static [CustomPredicate],
    /// What makes the root of the tree that is traversed; `None` for that of the application.
    pub factory: Option<fn() -> RootFactory>,
    /// The path to be traversed, made of the placeholders; `None` where only a placeholder `*traverse` says it.
    pub traverse: Option<&'static str>,
    /// Whether views without a route answer it too.
    pub use_global_views: bool,
    /// Where it was written down.
    pub origin: Origin,
}

impl RouteDeclaration {
    /// A route that says no more than it must.
    pub const fn new(name: &'static str, pattern: &'static str, origin: Origin) -> Self {
        Self {
            name,
            pattern,
            order: 0,
            predicates: &[],
            custom: &[],
            factory: None,
            traverse: None,
            use_global_views: false,
            origin,
        }
    }

    /// With its place among routes that are equally specific.
    #[must_use]
    pub const fn order(mut self, order: i32) -> Self {
        self.order = order;
        self
    }

    /// With what a request must be.
    #[must_use]
    pub const fn predicates(mut self, predicates: &'static [PredicateDeclaration]) -> Self {
        self.predicates = predicates;
        self
    }

    /// With functions that a request must please.
    #[must_use]
    pub const fn custom(mut self, custom: &'static [CustomPredicate]) -> Self {
        self.custom = custom;
        self
    }

    /// With a root of its own.
    #[must_use]
    pub const fn factory(mut self, factory: fn() -> RootFactory) -> Self {
        self.factory = Some(factory);
        self
    }

    /// With a path to be traversed.
    #[must_use]
    pub const fn traverse(mut self, traverse: &'static str) -> Self {
        self.traverse = Some(traverse);
        self
    }

    /// Open to views without a route.
    #[must_use]
    pub const fn with_global_views(mut self) -> Self {
        self.use_global_views = true;
        self
    }
}

/// A placeholder of a declared route.
#[derive(Debug, Clone, Copy)]
pub struct PlaceholderDeclaration {
    /// Its name.
    pub name: &'static str,
    /// Whether it is the final `*name`.
    pub rest: bool,
}

/// A field of a route: a value that a segment of a URL is made of. Everything that has [`Display`](fmt::Display).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a route",
    label = "no segment of a URL can be made of this",
    note = "implement `std::fmt::Display` for it (to make URLs) and `std::str::FromStr` (to read them)"
)]
pub trait ToSegment {
    /// The text of the segment, not yet escaped.
    fn to_segment(&self) -> PathValue<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> ToSegment for T {
    fn to_segment(&self) -> PathValue<'_> {
        PathValue::text(self)
    }
}

/// The field of a route for its final `*name`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the rest of a path",
    label = "the field of the final `*` of a pattern is a `Vec<String>` or a `String`"
)]
pub trait ToRest {
    /// The segments, not yet escaped.
    fn to_rest(&self) -> PathValue<'_>;
}

impl ToRest for Vec<String> {
    fn to_rest(&self) -> PathValue<'_> {
        PathValue::list(self)
    }
}

impl ToRest for String {
    fn to_rest(&self) -> PathValue<'_> {
        PathValue::from(self)
    }
}
