//! From directives to an application, or to everything that is wrong with them.
//!
//! In steps that each work on what the one before left: scans become declarations, declarations and calls become routes and
//! views with their places, conflicts among these are settled or found, routes are put into order, views are mapped.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use aiopyramid_pattern::PatternError;
use tokio_util::task::TaskTracker;

#[cfg(feature = "static")]
use super::assets;
use super::configurator::{Configurator, joined};
use super::declaration::{Declaration, MapperDeclaration, OnDisconnect, RouteReference};
use super::directive::{AddedPredicate, AddedView, Directive, IncludePath, What};
use super::discovery;
use super::fault::{ConfigurationError, Fault};
use super::mapping::{Mapper, Pending, Surroundings, map, watchdog};
use super::options::{self, Switches};
use super::order::{self, Placed};
use super::pools;
use super::tweens::{self, PendingTween};
use crate::app::application::{Application, RegisteredRoute, RegisteredView, ViewSet};
use crate::app::extract::Need;
use crate::app::event::{Observed, Subscribers};
use crate::app::origin::Origin;
use crate::app::route::{Reverse, RouteDeclaration, RouteTable};
use crate::app::router::App;
use crate::app::view::predicate::{Predicates, Written};
#[cfg(feature = "templates")]
use crate::app::view::template::Templates;
use crate::protocol::pattern::Matcher;

/// A route before it has its place.
struct Route {
    name: String,
    pattern: String,
    /// For a declared one; what was added by a call stays where it was added.
    declared: Option<i32>,
    position: usize,
    origin: Origin,
    includes: IncludePath,
}

#[derive(Default)]
struct Collected {
    routes: Vec<Route>,
    views: Vec<Pending>,
    tweens: Vec<PendingTween>,
    subscribers: Vec<Observed>,
    /// The patterns that stand in views and have become routes.
    inline: HashSet<String>,
    faults: Vec<Fault>,
}

impl Configurator {
    /// Makes the application.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn make_app(self) -> Result<App, ConfigurationError> {
        commit(self)
    }
}

/// See the module.
fn commit(mut config: Configurator) -> Result<App, ConfigurationError> {
    let mut faults = std::mem::take(&mut config.faults);
    let mut collected = collect(std::mem::take(&mut config.directives));
    faults.append(&mut collected.faults);
    let routes = settle_routes(collected.routes, &mut faults);
    let views = settle_views(collected.views, &mut faults);
    let limits = options::limits(&config.settings, &mut faults);
    #[cfg(feature = "static")]
    assets::add_pool(&mut config);
    let wanted = views.iter().filter_map(|view| -> Option<&str> { view.pool() });
    let wanted: Vec<&str> = wanted.chain(collected.tweens.iter().filter_map(PendingTween::pool)).collect();
    let executor = pools::executor(&config, &wanted, &mut faults);
    let tweens = tweens::settle(collected.tweens, &config.settings, &executor, &mut faults);
    let switches = Switches::read(&config.settings, &mut faults);
    let around = Surroundings {
        executor,
        watchdog: switches.development.then(watchdog).flatten(),
        detached: TaskTracker::new(),
    };

    let mut made: Vec<Option<(Reverse, Option<Arc<Matcher>>)>> = Vec::with_capacity(routes.len());
    let route_by_name: HashMap<String, usize> =
        routes.iter().enumerate().map(|(place, route)| (route.name.clone(), place)).collect();
    for route in &routes {
        made.push(match patterns(route) {
            Ok(made) => Some(made),
            Err(error) => {
                let fault = Fault::new(format!("route `{}`: {error}", route.name), [route.origin]);
                faults.push(match error.help() {
                    Some(help) => fault.with_help(help),
                    None => fault,
                });
                None
            }
        });
    }

    #[cfg(feature = "static")]
    let statics = {
        let placed = routes.iter().map(|route| (&*route.name, route.origin));
        assets::urls(&mut config, placed, switches.development, &mut faults)
    };
    #[cfg(feature = "templates")]
    let templates: Vec<_> = views.iter().flat_map(|view| view.templates).copied().collect();
    let mut by_route: Vec<Vec<RegisteredView>> = routes.iter().map(|_| Vec::new()).collect();
    for view in views {
        let Some(place) = route_by_name.get(&view.route).copied() else {
            let message = format!("`{}` wants the route `{}`, which there is not", view.name, view.route);
            faults.push(Fault::new(message, [view.origin]));
            continue;
        };
        for need in &view.needs {
            let Need::State(wanted) = need else { continue };
            if !config.states.satisfies(*wanted) {
                let name = wanted.name();
                let message = format!("`{}` asks for `State<{name}>`, which nobody manages", view.name);
                faults.push(
                    Fault::new(message, [view.origin])
                        .with_help(format!("give the application one: `config.manage({name} {{ .. }})`")),
                );
            }
        }
        match map(view, config.view_mapper.as_ref().map(|(mapper, _)| &**mapper), &around) {
            Ok(view) => by_route[place].push(view),
            Err(fault) => faults.push(fault),
        }
    }
    #[cfg(feature = "templates")]
    let templates = Templates::new(&templates, switches.development)
        .inspect_err(|error| faults.push(Fault::new(error.to_string(), [])))
        .unwrap_or_default();
    if !faults.is_empty() {
        return Err(ConfigurationError::new(faults));
    }

    let routes: Vec<RegisteredRoute> = routes
        .into_iter()
        .zip(made.into_iter().flatten())
        .zip(by_route)
        .map(|((route, (reverse, matcher)), views)| RegisteredRoute {
            name: route.name,
            pattern: route.pattern,
            matcher,
            reverse,
            views: ViewSet::new(views),
            origin: route.origin,
        })
        .collect();
    Ok(App::new(Application {
        // Those that lead to another server stand at the end, so places in the table are places in the list.
        table: RouteTable::new(routes.iter().filter_map(|route| route.matcher.clone())),
        routes,
        route_by_name,
        settings: config.settings,
        states: config.states,
        limits,
        tweens,
        subscribers: Subscribers::new(collected.subscribers),
        executor: around.executor,
        watchdog: around.watchdog,
        detached: around.detached,
        method_not_allowed: switches.method_not_allowed,
        development: switches.development,
        #[cfg(feature = "templates")]
        templates,
        #[cfg(feature = "static")]
        statics,
    }))
}

/// Both directions of a route; a path is only matched with one that does not lead to another server.
fn patterns(route: &Route) -> Result<(Reverse, Option<Arc<Matcher>>), PatternError> {
    let reverse = Reverse::new(&*route.name, &route.pattern)?;
    let matcher = if reverse.is_external() { None } else { Some(Arc::new(Matcher::parse(&route.pattern)?)) };
    Ok((reverse, matcher))
}

/// Scans, declarations and calls as routes and views.
fn collect(directives: Vec<Directive>) -> Collected {
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
            What::Route(route) => collected.routes.push(Route {
                name: route.name,
                pattern: prefixed(&context.prefix, &route.pattern),
                declared: None,
                position,
                origin: directive.origin,
                includes: context.includes,
            }),
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
            Declaration::View(view) => {
                let route = match view.route {
                    RouteReference::Declared(route) => route.name.to_owned(),
                    RouteReference::Traversal => String::new(),
                    RouteReference::Inline(pattern) => self.inline_route(pattern, view.origin, context),
                };
                let predicates = view.predicates.iter().map(Written::from);
                let predicates = match Predicates::new(predicates) {
                    Ok(predicates) => predicates,
                    Err(faults) => {
                        self.faults.extend(faults.into_iter().map(|fault| Fault::new(fault, [view.origin])));
                        return;
                    }
                };
                self.views.push(Pending {
                    name: qualified(view.origin.module, view.name),
                    short_name: view.name,
                    templates: view.templates,
                    route,
                    predicates,
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

    fn declared_route(&mut self, route: &RouteDeclaration, context: &Context) {
        self.routes.push(Route {
            name: route.name.to_owned(),
            pattern: prefixed(&context.prefix, route.pattern),
            declared: Some(route.order),
            position: context.position,
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
                origin,
                includes: context.includes.clone(),
            });
        }
        pattern
    }

    fn added(&mut self, view: AddedView, origin: Origin, includes: IncludePath) {
        let written = view.predicates.iter().map(|AddedPredicate { name, negated, values }| Written {
            name,
            negated: *negated,
            values: values.iter().map(String::as_str).collect(),
        });
        let predicates = match Predicates::new(written) {
            Ok(predicates) => predicates,
            Err(faults) => {
                self.faults.extend(faults.into_iter().map(|fault| Fault::new(fault, [origin])));
                return;
            }
        };
        let Some(route) = view.route else {
            let message = format!("the view `{}` has no route", view.name);
            self.faults
                .push(Fault::new(message, [origin]).with_help("`config.add_view(..).route(\"name\")`"));
            return;
        };
        self.views.push(Pending {
            name: view.name.to_owned(),
            short_name: view.name,
            templates: &[],
            route,
            predicates,
            mapper: view.mapper.map_or(Mapper::Declared(MapperDeclaration::Default), Mapper::Given),
            on_disconnect: OnDisconnect::default(),
            needs: view.needs,
            callable: view.callable,
            origin,
            includes,
        });
    }
}

fn qualified(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// Of two routes with one name the one that may override stays, in its own place; otherwise they are in conflict.
fn settle_routes(routes: Vec<Route>, faults: &mut Vec<Fault>) -> Vec<Route> {
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

/// Of two views with one route and the same predicates the one that may override stays; otherwise they are in conflict.
fn settle_views(views: Vec<Pending>, faults: &mut Vec<Fault>) -> Vec<Pending> {
    let mut settled: Vec<Pending> = Vec::with_capacity(views.len());
    let mut by_what: HashMap<(String, String), usize> = HashMap::with_capacity(views.len());
    for view in views {
        let what = (view.route.clone(), view.predicates.text().to_owned());
        let Some(known) = by_what.get(&what).map(|place| &mut settled[*place]) else {
            by_what.insert(what, settled.len());
            settled.push(view);
            continue;
        };
        if view.includes.overrides(&known.includes) {
            *known = view;
        } else if !known.includes.overrides(&view.includes) {
            let (route, predicates) = what;
            let among =
                if predicates.is_empty() { "no predicates".to_owned() } else { format!("`{predicates}`") };
            let message =
                format!("`{}` and `{}` both answer the route `{route}` with {among}", known.name, view.name);
            faults.push(
                Fault::new(message, [known.origin, view.origin])
                    .with_help("tell them apart by a predicate, for instance `request_method = \"POST\"`"),
            );
        }
    }
    settled
}
