//! From directives to what an application is to have: scans become declarations, declarations and calls become routes and views
//! with their places.

use std::collections::HashSet;

use super::configurator::joined;
use super::declaration::{Declaration, OnDisconnect, RouteReference, ViewKind};
use super::directive::{AddedPredicate, AddedRoute, AddedView, Directive, IncludePath, What};
use super::discovery;
use super::fault::Fault;
use super::mapping::{Mapper, Pending};
use super::meaning;
use super::tweens::PendingTween;
use crate::app::event::Observed;
use crate::app::origin::Origin;
use crate::app::route::RouteDeclaration;
use crate::app::traversal::RootFactory;
use crate::app::view::predicate::{Predicates, Wanted, Written};
use crate::app::view::template::TemplateDeclaration;

/// A route before it has its place.
pub(super) struct Route {
    pub(super) name: String,
    pub(super) pattern: String,
    /// For a declared one; what was added by a call stays where it was added.
    pub(super) declared: Option<i32>,
    pub(super) position: usize,
    pub(super) predicates: Predicates,
    /// What makes its root; `None` for that of the application.
    pub(super) factory: Option<RootFactory>,
    /// The pattern of the path to be traversed.
    pub(super) traverse: Option<String>,
    pub(super) use_global_views: bool,
    pub(super) origin: Origin,
    pub(super) includes: IncludePath,
}

/// What an application is to have, each thing with its place.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) routes: Vec<Route>,
    pub(super) views: Vec<Pending>,
    pub(super) tweens: Vec<PendingTween>,
    pub(super) subscribers: Vec<Observed>,
    /// The templates that views render themselves.
    pub(super) templates: Vec<&'static TemplateDeclaration>,
    /// The patterns that stand in views and have become routes.
    inline: HashSet<String>,
    pub(super) faults: Vec<Fault>,
}

/// Scans, declarations and calls as routes and views.
pub(super) fn collect(directives: Vec<Directive>) -> Collected {
    let mut unclaimed = discovery::declarations();
    // A scan of one module has the first claim to what is declared in it, wherever the scan of everything stands.
    let claims: Vec<Vec<Declaration>> = directives
        .iter()
        .map(|directive| match &directive.what {
            What::Scan { module: Some(module) } => {
                let (claimed, rest) = std::mem::take(&mut unclaimed)
                    .into_iter()
                    .partition(|declaration| is_inside(declaration.origin().module, module));
                unclaimed = rest;
                claimed
            }
            _ => Vec::new(),
        })
        .collect();
    let mut collected = Collected::default();
    for (position, (directive, claimed)) in directives.into_iter().zip(claims).enumerate() {
        let context = Context { position, includes: directive.includes, prefix: directive.prefix };
        match directive.what {
            What::Scan { module: Some(module) } => {
                if claimed.is_empty() {
                    collected.faults.push(
                        Fault::new(
                            format!("nothing was annotated in the module `{module}`"),
                            [directive.origin],
                        )
                        .with_help("`scan_module(module_path!())` names the module that the call stands in"),
                    );
                }
                for declaration in &claimed {
                    collected.declared(declaration, &context);
                }
            }
            What::Scan { module: None } => {
                for declaration in &std::mem::take(&mut unclaimed) {
                    collected.declared(declaration, &context);
                }
            }
            What::Declared(declaration) => collected.declared(&declaration, &context),
            What::Route(route) => collected.added_route(route, directive.origin, context),
            What::View(view) => collected.added(*view, directive.origin, context.includes),
            What::Subscriber(subscriber) => collected.subscribers.push(subscriber),
            What::Tween(tween) => {
                collected.tweens.push(PendingTween::added(*tween, directive.origin, context.includes));
            }
        }
    }
    collected
}

/// Where a directive stood.
struct Context {
    position: usize,
    includes: IncludePath,
    prefix: String,
}

fn is_inside(module: &str, outer: &str) -> bool {
    module.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// A pattern inside an include; what is no prefix leaves it as it was written.
fn prefixed(prefix: &str, pattern: &str) -> String {
    if prefix.is_empty() {
        return pattern.to_owned();
    }
    let trailing = pattern.len() > 1 && pattern.ends_with('/');
    let mut joined = joined(prefix, pattern);
    if trailing {
        joined.push('/');
    }
    joined
}

impl Collected {
    fn declared(&mut self, declaration: &Declaration, context: &Context) {
        match declaration {
            Declaration::Route(route) => self.declared_route(route, context),
            Declaration::Subscriber(subscriber) => {
                self.subscribers.push(Observed::new(subscriber.event, subscriber.call));
            }
            Declaration::Tween(tween) => {
                self.tweens.push(PendingTween::declared(tween, context.includes.clone()));
            }
            Declaration::Template(template, _) => self.templates.push(template),
            Declaration::View(view) => {
                let route = match view.route {
                    RouteReference::Declared(route) => Some(route.name.to_owned()),
                    RouteReference::Traversal => None,
                    RouteReference::Inline(pattern) => Some(self.inline_route(pattern, view.origin, context)),
                };
                let written = view.predicates.iter().map(Written::from).collect();
                let containment = view.containment.as_slice();
                let wanted = Wanted { written, containment, custom: view.custom };
                let Some(predicates) = self.predicates(&wanted, view.origin) else { return };
                self.views.push(Pending {
                    name: qualified(view.origin.module, view.name),
                    short_name: view.name,
                    kind: view.kind,
                    templates: view.templates,
                    route,
                    view_name: view.view_name.to_owned(),
                    context: view.context,
                    predicates,
                    permission: view.permission.map(str::to_owned),
                    require_csrf: view.require_csrf,
                    http_cache: view.http_cache,
                    decorators: view.decorators.to_vec(),
                    mapper: Mapper::Declared(view.mapper),
                    on_disconnect: view.on_disconnect,
                    needs: view.needs.iter().filter_map(|need| need()).collect(),
                    callable: view.callable.callable(),
                    origin: view.origin,
                    includes: context.includes.clone(),
                });
            }
        }
    }

    /// The predicates that were written down; what is wrong with them is noted.
    fn predicates(&mut self, wanted: &Wanted<'_>, origin: Origin) -> Option<Predicates> {
        Predicates::new(wanted)
            .map_err(|faults| self.faults.extend(faults.into_iter().map(|fault| Fault::new(fault, [origin]))))
            .ok()
    }

    fn declared_route(&mut self, route: &RouteDeclaration, context: &Context) {
        let written = route.predicates.iter().map(Written::from).collect();
        let wanted = Wanted { written, containment: &[], custom: route.custom };
        let Some(predicates) = self.predicates(&wanted, route.origin) else { return };
        self.routes.push(Route {
            name: route.name.to_owned(),
            pattern: prefixed(&context.prefix, route.pattern),
            declared: Some(route.order),
            position: context.position,
            predicates,
            factory: route.factory.map(|make| make()),
            traverse: route.traverse.map(str::to_owned),
            use_global_views: route.use_global_views,
            origin: route.origin,
            includes: context.includes.clone(),
        });
    }

    /// The route of a pattern that stands in a view; views with the same pattern share it.
    fn inline_route(&mut self, pattern: &str, origin: Origin, context: &Context) -> String {
        let pattern = prefixed(&context.prefix, pattern);
        if self.inline.insert(pattern.clone()) {
            self.routes.push(Route {
                name: pattern.clone(),
                pattern: pattern.clone(),
                declared: Some(0),
                position: context.position,
                predicates: Predicates::default(),
                factory: None,
                traverse: None,
                use_global_views: false,
                origin,
                includes: context.includes.clone(),
            });
        }
        pattern
    }

    fn added_route(&mut self, route: AddedRoute, origin: Origin, context: Context) {
        let written = route.predicates.iter().map(Written::from).collect();
        let wanted = Wanted { written, containment: &[], custom: &route.custom };
        let Some(predicates) = self.predicates(&wanted, origin) else { return };
        self.routes.push(Route {
            name: route.name,
            pattern: prefixed(&context.prefix, &route.pattern),
            declared: None,
            position: context.position,
            predicates,
            factory: route.factory,
            traverse: route.traverse,
            use_global_views: route.use_global_views,
            origin,
            includes: context.includes,
        });
    }

    fn added(&mut self, view: AddedView, origin: Origin, includes: IncludePath) {
        self.faults.extend(meaning::of_view(&view, origin));
        let written = view.predicates.iter().map(Written::from).collect();
        let wanted = Wanted { written, containment: &view.containment, custom: &view.custom };
        let Some(predicates) = self.predicates(&wanted, origin) else { return };
        self.views.push(Pending {
            name: view.name.to_owned(),
            short_name: view.name,
            kind: match view.kind {
                ViewKind::NotFound { .. } => ViewKind::NotFound { append_slash: view.append_slash },
                kind => kind,
            },
            templates: &[],
            route: view.route,
            view_name: view.view_name,
            context: view.context,
            predicates,
            permission: view.permission,
            require_csrf: view.require_csrf,
            http_cache: view.http_cache,
            decorators: view.decorators,
            mapper: view.mapper,
            on_disconnect: OnDisconnect::default(),
            needs: view.needs,
            callable: view.callable,
            origin,
            includes,
        });
    }
}

impl<'a> From<&'a AddedPredicate> for Written<'a> {
    fn from(added: &'a AddedPredicate) -> Self {
        let AddedPredicate { name, negated, values } = added;
        Self { name, negated: *negated, values: values.iter().map(String::as_str).collect() }
    }
}

fn qualified(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}
