//! Conflicts: who wins where two things want one place, and where nobody does.

use std::collections::HashMap;
use std::fmt;

use super::collect::Route;
use super::declaration::ViewKind;
use super::fault::Fault;
use super::mapping::Pending;
use super::order::{self, Placed};
use crate::app::origin::Origin;
use crate::app::traversal::Resource;
use crate::app::type_key::TypeKey;

/// Of two routes with one name the one that may override stays, in its own place; otherwise they are in conflict.
pub(super) fn routes(routes: Vec<Route>, faults: &mut Vec<Fault>) -> Vec<Route> {
    let mut settled: Vec<Route> = Vec::with_capacity(routes.len());
    let mut by_name: HashMap<String, usize> = HashMap::with_capacity(routes.len());
    for route in routes {
        let Some(known) = by_name.get(&route.name).map(|place| &mut settled[*place]) else {
            by_name.insert(route.name.clone(), settled.len());
            settled.push(route);
            continue;
        };
        if route.includes.overrides(&known.includes) {
            *known = route;
        } else if !known.includes.overrides(&route.includes) {
            let message = format!("two routes are named `{}`", route.name);
            faults.push(
                Fault::new(message, [known.origin, route.origin])
                    .with_help("give one of them another: `name = \"...\"`"),
            );
        }
    }
    order::arrange(settled, faults)
}

impl Placed for Route {
    fn name(&self) -> &str {
        &self.name
    }

    fn pattern(&self) -> &str {
        &self.pattern
    }

    fn declared(&self) -> Option<i32> {
        self.declared
    }

    fn position(&self) -> usize {
        self.position
    }

    fn origin(&self) -> Origin {
        self.origin
    }
}

/// What a view is found by. Of two views with the same one only one can be.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    route: Option<String>,
    kind: Kind,
    context: Option<TypeKey>,
    name: String,
    predicates: String,
}

/// A [`ViewKind`] as far as it tells views apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    View,
    NotFound,
    Forbidden,
    Exception(TypeKey),
}

impl Place {
    fn of(view: &Pending) -> Self {
        Self {
            route: view.route.clone(),
            kind: match view.kind {
                ViewKind::View => Kind::View,
                ViewKind::NotFound { .. } => Kind::NotFound,
                ViewKind::Forbidden => Kind::Forbidden,
                ViewKind::Exception(error) => Kind::Exception(error.key),
            },
            context: view.context().filter(|context| *context != TypeKey::of::<dyn Resource>()),
            name: view.view_name.clone(),
            predicates: view.predicates.text().to_owned(),
        }
    }
}

/// What both answer, in words.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::View => {}
            Kind::NotFound => f.write_str("what is not found")?,
            Kind::Forbidden => f.write_str("what is forbidden")?,
            Kind::Exception(error) => write!(f, "errors of type `{error}`")?,
        }
        match (&self.route, self.kind) {
            (Some(route), Kind::View) => write!(f, "the route `{route}`")?,
            (Some(route), _) => write!(f, " on the route `{route}`")?,
            (None, Kind::View) => f.write_str("paths without a route")?,
            (None, _) => {}
        }
        if let Some(context) = self.context {
            write!(f, ", contexts of type `{context}`")?;
        }
        if !self.name.is_empty() {
            write!(f, ", the name `{}`", self.name)?;
        }
        match &*self.predicates {
            "" => f.write_str(" with no predicates"),
            predicates => write!(f, " with `{predicates}`"),
        }
    }
}

/// Of two views at one place the one that may override stays; otherwise they are in conflict.
pub(super) fn views(views: Vec<Pending>, faults: &mut Vec<Fault>) -> Vec<Pending> {
    let mut settled: Vec<Pending> = Vec::with_capacity(views.len());
    let mut by_place: HashMap<Place, usize> = HashMap::with_capacity(views.len());
    for view in views {
        let place = Place::of(&view);
        let Some(known) = by_place.get(&place).map(|known| &mut settled[*known]) else {
            by_place.insert(place, settled.len());
            settled.push(view);
            continue;
        };
        if view.includes.overrides(&known.includes) {
            *known = view;
        } else if !known.includes.overrides(&view.includes) {
            let message = format!("`{}` and `{}` both answer {place}", known.name, view.name);
            faults.push(
                Fault::new(message, [known.origin, view.origin])
                    .with_help("tell them apart by a predicate, for instance `request_method = \"POST\"`"),
            );
        }
    }
    settled
}
