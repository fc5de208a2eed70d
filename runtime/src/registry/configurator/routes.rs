//! Routes that are added by a call.

use super::Configurator;
use crate::app::request::Request;
use crate::app::traversal::{IntoRoot, RootFactory};
use crate::app::view::predicate::CustomPredicate;
use crate::registry::configurator::Values;
use crate::registry::directive::{AddedPredicate, AddedRoute, What};

impl Configurator {
    /// Adds a route whose pattern comes from data. Such routes match in the order in which they are added; those that are
    /// declared stand, in an order of their own, where [`scan`](Self::scan) is called.
    ///
    /// What the returned value is told narrows the route down.
    ///
    /// ```
    /// # use aiopyramid::prelude::*;
    /// async fn shelf(places: Matchdict) -> String {
    ///     format!("shelf {}", places.get("number").unwrap_or("0"))
    /// }
    ///
    /// let mut config = Configurator::new();
    /// config.add_route("shelf", "/shelves/{number}");
    /// config.add_view(shelf).route("shelf").request_method("GET");
    /// let app = config.make_app()?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn add_route(&mut self, name: impl Into<String>, pattern: impl Into<String>) -> RouteDirective<'_> {
        self.say(What::Route(AddedRoute::new(name.into(), pattern.into())));
        let Some(What::Route(route)) = self.directives.last_mut().map(|directive| &mut directive.what) else {
            unreachable!("it has just been added")
        };
        RouteDirective { route }
    }
}

/// A route that was just [added](Configurator::add_route); what is said to it narrows it down. A request for which a predicate
/// does not hold goes on to the next route.
pub struct RouteDirective<'a> {
    route: &'a mut AddedRoute,
}

impl RouteDirective<'_> {
    /// The tree that is traversed for it begins with what this makes.
    pub fn factory<M, F, R>(&mut self, make: F) -> &mut Self
    where
        F: Fn(Request) -> R + Send + Sync + 'static,
        R: IntoRoot<M>,
    {
        self.route.factory = Some(RootFactory::new(make));
        self
    }

    /// The path that is traversed, made of the route's placeholders: `/{library}/{shelf}`.
    pub fn traverse(&mut self, path: impl Into<String>) -> &mut Self {
        self.route.traverse = Some(path.into());
        self
    }

    /// Views without a route answer it too, after its own.
    pub fn use_global_views(&mut self) -> &mut Self {
        self.route.use_global_views = true;
        self
    }

    /// It is for these methods only; `GET` includes `HEAD`.
    pub fn request_method(&mut self, methods: impl Into<Values>) -> &mut Self {
        self.predicate("request_method", methods)
    }

    /// It is for requests with this parameter only: `name`, or `name=value`; of several, all.
    pub fn request_param(&mut self, parameters: impl Into<Values>) -> &mut Self {
        self.predicate("request_param", parameters)
    }

    /// It is for requests with this header only: `Name`, or `Name:regex`; of several, all.
    pub fn header(&mut self, headers: impl Into<Values>) -> &mut Self {
        self.predicate("header", headers)
    }

    /// It is for clients only that take one of these media types.
    pub fn accept(&mut self, types: impl Into<Values>) -> &mut Self {
        self.predicate("accept", types)
    }

    /// It is for requests only that a script of a page made (`true`), or only for others.
    pub fn xhr(&mut self, wanted: bool) -> &mut Self {
        self.predicate("xhr", if wanted { "true" } else { "false" })
    }

    /// It is for paths only that begin with what this expression matches.
    pub fn path_info(&mut self, regex: &str) -> &mut Self {
        self.predicate("path_info", regex)
    }

    /// It is for users only (`true`), or only for those who are nobody in particular.
    pub fn is_authenticated(&mut self, wanted: bool) -> &mut Self {
        self.predicate("is_authenticated", if wanted { "true" } else { "false" })
    }

    /// It is only for those who are all of these.
    pub fn effective_principals(&mut self, principals: impl Into<Values>) -> &mut Self {
        self.predicate("effective_principals", principals)
    }

    /// It is only for requests that please this function.
    pub fn custom(&mut self, name: &'static str, holds: fn(&Request) -> bool) -> &mut Self {
        self.route.custom.push(CustomPredicate { name, negated: false, holds });
        self
    }

    fn predicate(&mut self, name: &'static str, values: impl Into<Values>) -> &mut Self {
        let Values { negated, values } = values.into();
        self.route.predicates.push(AddedPredicate { name, negated, values });
        self
    }
}

impl std::fmt::Debug for RouteDirective<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RouteDirective").field(&self.route.name).finish()
    }
}
