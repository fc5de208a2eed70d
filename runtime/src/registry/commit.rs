//! From directives to an application, or to everything that is wrong with them.
//!
//! In steps that each work on what the one before left: scans become declarations, declarations and calls become routes and
//! views with their places, conflicts among these are settled or found, routes are put into order, views are mapped.

#[cfg(feature = "templates")]
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

use aiopyramid_pattern::PatternError;
use tokio_util::task::TaskTracker;

#[cfg(feature = "static")]
use super::assets;
use super::collect::{self, Route};
use super::configurator::Configurator;
use super::declaration::ViewKind;
use super::fault::{ConfigurationError, Fault};
use super::mapping::{Pending, Surroundings, map, watchdog};
use super::options::{self, Switches};
#[cfg(feature = "websocket")]
use super::rooms;
#[cfg(feature = "templates")]
use super::templates::{self, Targets};
use super::tweens::{self, PendingTween};
use super::{accept_order, meaning, needs, pools, security, sessions, settle};
#[cfg(feature = "templates")]
use crate::app::application::Templates;
use crate::app::application::{
    Application, ExceptionKey, ExceptionViews, RegisteredRoute, RegisteredView, ViewTable,
};
use crate::app::csrf::Csrf;
use crate::app::event::Subscribers;
use crate::app::executor::Executor;
use crate::app::route::{Reverse, RouteTable};
use crate::app::router::App;
use crate::app::view::predicate::Needs;
#[cfg(feature = "websocket")]
use crate::app::websocket::{Rooms, WebSocketSettings};
use crate::protocol::pattern::Matcher;

impl Configurator {
    /// Makes the application.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn make_app(mut self) -> Result<App, ConfigurationError> {
        self.observing.readiness.limit = options::readiness_timeout(&self.settings, &mut self.faults);
        security::prepare(&mut self);
        let app = commit(self)?;
        app.tell_created().map_err(|error| {
            let message = format!("the application was made, but a subscriber of that failed: {error:?}");
            ConfigurationError::new(vec![Fault::new(message, [])])
        })?;
        Ok(app)
    }
}

/// See the module.
fn commit(mut config: Configurator) -> Result<App, ConfigurationError> {
    let mut faults = std::mem::take(&mut config.faults);
    let mut collected = collect::collect(std::mem::take(&mut config.directives));
    faults.append(&mut collected.faults);
    let routes = settle::routes(collected.routes, &mut faults);
    let views = settle::views(collected.views, &mut faults);
    sessions::prepare(&mut config, &mut faults);
    let csrf = sessions::csrf(&mut config, &views, &mut faults);
    let limits = options::limits(&config.settings, &mut faults);
    #[cfg(feature = "websocket")]
    let (websockets, rooms) = sockets(&mut config, &mut faults);
    #[cfg(feature = "static")]
    assets::add_pool(&mut config);
    let wanted = wanted_pools(&views, &collected.tweens);
    let executor = pools::executor(&config, &wanted, &mut faults);
    let tweens = tweens::settle(collected.tweens, &config.settings, &executor, &mut faults);
    let switches = Switches::read(&config.settings, &mut faults);
    let preferred = accept_order::settle(&config.accept_order, &mut faults);
    let around = surroundings(&mut config, executor, &switches, &csrf);

    let route_by_name: HashMap<String, usize> =
        routes.iter().enumerate().map(|(place, route)| (route.name.clone(), place)).collect();
    let made = directions(&routes, &mut faults);

    #[cfg(feature = "static")]
    let statics = {
        let placed = routes.iter().map(|route| (&*route.name, route.origin));
        assets::urls(&mut config, placed, switches.development, &mut faults)
    };
    #[cfg(feature = "templates")]
    let templates = templates::collected(&views, &collected.templates);
    #[cfg(feature = "templates")]
    if csrf.cookie.is_none() && config.sessions.is_none() {
        templates::refuse_tokens(&templates, &mut faults);
    }
    #[cfg(feature = "templates")]
    templates::refuse_broken_links(
        &templates,
        &Targets {
            routes: reverses(&routes, &made),
            #[cfg(feature = "static")]
            statics: &statics,
        },
        &mut faults,
    );
    let (without_route, by_route) = mapped(views, (&route_by_name, &made), &config, &around, &mut faults);
    #[cfg(feature = "templates")]
    let templates =
        Templates::new(&templates::with_all_that_views_render(templates), switches.reload_templates)
            .inspect_err(|error| faults.push(Fault::new(error.to_string(), [])))
            .unwrap_or_default();
    if !faults.is_empty() {
        return Err(ConfigurationError::new(faults));
    }

    let routes: Vec<RegisteredRoute> = routes
        .into_iter()
        .zip(made.into_iter().flatten())
        .zip(by_route)
        .map(|((route, directions), tables)| registered(route, directions, tables, &preferred))
        .collect();
    let (views, exceptions) = without_route.made(&preferred);
    let routes_need =
        routes.iter().fold(Needs::default(), |needs, route| needs.and(route.predicates.needs()));
    Ok(App::new(Application {
        // Those that lead to another server stand at the end, so places in the table are places in the list.
        table: RouteTable::new(routes.iter().filter_map(|route| route.matcher.clone())),
        routes,
        route_by_name,
        views,
        exceptions,
        root_factory: config.root_factory.take().map(|(factory, _)| factory).unwrap_or_default(),
        virtual_root: switches.virtual_root,
        policy: around.policy,
        csrf,
        sessions: config.sessions.map(|(sessions, _)| sessions),
        settings: config.settings,
        states: config.states,
        limits,
        tweens,
        subscribers: Subscribers::new(collected.subscribers),
        handler: None,
        route_needs: routes_need,
        composed: false,
        executor: around.executor,
        watchdog: around.watchdog,
        detached: around.detached,
        observing: config.observing,
        method_not_allowed: switches.method_not_allowed,
        development: switches.development,
        #[cfg(feature = "templates")]
        templates,
        #[cfg(feature = "static")]
        statics,
        #[cfg(feature = "websocket")]
        websockets,
        #[cfg(feature = "websocket")]
        rooms,
    }))
}

/// What surrounds the views.
fn surroundings(
    config: &mut Configurator,
    executor: Executor,
    switches: &Switches,
    csrf: &Csrf,
) -> Surroundings {
    Surroundings {
        executor,
        watchdog: switches.development.then(watchdog).flatten(),
        detached: TaskTracker::new(),
        policy: config.policy.as_ref().map(|(policy, _)| Arc::clone(policy)),
        default_permission: config.default_permission.take().map(|(permission, _)| permission),
        require_csrf: csrf.options.require,
        tokens_in_session: csrf.cookie.is_none(),
        prevent_http_cache: switches.prevent_http_cache,
    }
}

/// The pools that views and tweens ask for by name.
fn wanted_pools<'a>(views: &'a [Pending], tweens: &'a [PendingTween]) -> Vec<&'a str> {
    let of_views = views.iter().filter_map(|view| -> Option<&str> { view.pool() });
    of_views.chain(tweens.iter().filter_map(PendingTween::pool)).collect()
}

/// What holds for all sockets, and the rooms that they are in.
#[cfg(feature = "websocket")]
fn sockets(config: &mut Configurator, faults: &mut Vec<Fault>) -> (WebSocketSettings, Rooms) {
    let websockets = options::websockets(&config.settings, faults);
    let broker = rooms::broker(&config.settings, config.broker.take(), faults);
    (websockets, Rooms::new(broker))
}

/// The views as the router calls them: those without a route, and those of each.
fn mapped(
    views: Vec<Pending>,
    (route_by_name, made): (&HashMap<String, usize>, &[Option<Directions>]),
    config: &Configurator,
    around: &Surroundings,
    faults: &mut Vec<Fault>,
) -> (Tables, Vec<Tables>) {
    let mut without_route = Tables::default();
    let mut by_route: Vec<Tables> = route_by_name.iter().map(|_| Tables::default()).collect();
    for view in views {
        let place = match &view.route {
            None => None,
            Some(name) => {
                let place = route_by_name.get(name).copied();
                let Some(place) = place else {
                    let message = format!("`{}` wants the route `{name}`, which there is not", view.name);
                    faults.push(Fault::new(message, [view.origin]));
                    continue;
                };
                if made[place].as_ref().is_some_and(|directions| directions.matcher.is_none()) {
                    let message = format!(
                        "`{}` can answer nothing: the route `{name}` leads to another server",
                        view.name
                    );
                    faults.push(
                        Fault::new(message, [view.origin])
                            .with_help("remove the view, or name another route"),
                    );
                    continue;
                }
                Some(place)
            }
        };
        needs::refuse_unmet((&format!("`{}`", view.name), view.origin), &view.needs, config, faults);
        let kind = view.kind;
        match map(view, config.view_mapper.as_ref().map(|(mapper, _)| &**mapper), around) {
            Ok(view) => place.map_or(&mut without_route, |place| &mut by_route[place]).add(kind, view),
            Err(fault) => faults.push(fault),
        }
    }
    (without_route, by_route)
}

/// Views that are ready, before they are put into tables.
#[derive(Default)]
struct Tables {
    views: Vec<RegisteredView>,
    exceptions: Vec<(ExceptionKey, RegisteredView)>,
}

impl Tables {
    fn add(&mut self, kind: ViewKind, view: RegisteredView) {
        let key = match kind {
            ViewKind::View => {
                // Most routes have one; a vector that is left to itself makes room for four.
                self.views.reserve_exact(usize::from(self.views.is_empty()));
                return self.views.push(view);
            }
            ViewKind::NotFound { .. } => ExceptionKey::NotFound,
            ViewKind::Forbidden => ExceptionKey::Forbidden,
            ViewKind::Exception(error) => ExceptionKey::Type(error),
        };
        self.exceptions.push((key, view));
    }

    fn made(self, preferred: &[String]) -> (ViewTable, ExceptionViews) {
        (ViewTable::new(self.views, preferred), ExceptionViews::new(self.exceptions, preferred))
    }
}

/// Both directions of a route, and of the path to be traversed the way from the match.
struct Directions {
    reverse: Reverse,
    /// A path is only matched with a route that does not lead to another server.
    matcher: Option<Arc<Matcher>>,
    traverse: Option<Reverse>,
}

impl Directions {
    fn of(route: &Route) -> Result<Self, PatternError> {
        let reverse = Reverse::new(&*route.name, &route.pattern)?;
        let matcher =
            if reverse.is_external() { None } else { Some(Arc::new(Matcher::parse(&route.pattern)?)) };
        let traverse = route.traverse.as_ref().map(|path| Reverse::new(&*route.name, path)).transpose()?;
        Ok(Self { reverse, matcher, traverse })
    }
}

/// Both directions of each route; none where its pattern is malformed.
fn directions(routes: &[Route], faults: &mut Vec<Fault>) -> Vec<Option<Directions>> {
    let made = routes.iter().map(|route| {
        let made = Directions::of(route).map_err(|error| faults.push(refused(route, &error))).ok()?;
        faults.extend(meaning::of_route(route, made.matcher.as_deref().map(Matcher::pattern)));
        Some(made)
    });
    made.collect()
}

/// The way from values to a URL of each route, by name; none where its pattern is malformed.
#[cfg(feature = "templates")]
fn reverses<'a>(
    routes: &'a [Route],
    made: &'a [Option<Directions>],
) -> BTreeMap<&'a str, Option<&'a Reverse>> {
    let reverse = |made: &'a Option<Directions>| made.as_ref().map(|made| &made.reverse);
    routes.iter().zip(made).map(|(route, made)| (&*route.name, reverse(made))).collect()
}

fn refused(route: &Route, error: &PatternError) -> Fault {
    let fault = Fault::new(format!("route `{}`: {error}", route.name), [route.origin]);
    match error.help() {
        Some(help) => fault.with_help(help),
        None => fault,
    }
}

fn registered(route: Route, directions: Directions, tables: Tables, preferred: &[String]) -> RegisteredRoute {
    let Directions { reverse, matcher, traverse } = directions;
    let (views, exceptions) = tables.made(preferred);
    let by_pattern = matcher.as_ref().is_some_and(|matcher| matcher.pattern().rest() == Some("traverse"));
    RegisteredRoute {
        plain: false,
        walks: by_pattern || traverse.is_some() || route.factory.is_some(),
        name: route.name,
        label: route.pattern.as_str().into(),
        pattern: route.pattern,
        matcher,
        reverse,
        predicates: route.predicates,
        factory: route.factory,
        // What the pattern itself has goes first, as in Pyramid.
        traverse: traverse.filter(|_| !by_pattern),
        use_global_views: route.use_global_views,
        views,
        exceptions,
        origin: route.origin,
    }
}
