//! What a request knows of the application that answers it.

use super::{Application, RegisteredRoute};
use crate::app::event::Event;
use crate::app::extract::State;
use crate::app::request::Request;
use crate::app::route::{Route, UrlBase, UrlError, UrlOptions};
use crate::app::settings::Settings;
use crate::error::Result;
use crate::protocol::pattern::PathValues;

/// What a request knows of the application that answers it. In the [prelude](crate::prelude).
pub trait RequestExt {
    /// The application.
    fn application(&self) -> &Application;

    /// The application's settings.
    fn settings(&self) -> &Settings {
        &self.application().settings
    }

    /// What the application manages of type `T`.
    fn state<T: Send + Sync + 'static>(&self) -> Option<State<T>> {
        self.application().states.get()
    }

    /// Tells the subscribers of an event, one after the other.
    ///
    /// # Errors
    /// That of the first subscriber that fails; those after it are not told then.
    fn notify<E: Event>(&self, event: E) -> impl Future<Output = Result<()>> + Send {
        self.application().subscribers.notify(event)
    }

    /// The route that matched.
    fn matched_route(&self) -> Option<&RegisteredRoute>;

    /// The URL of a route, as its type has it: scheme and host as in this request.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// #[route("/users/{id}/posts/{slug}")]
    /// struct Post { id: u64, slug: String }
    ///
    /// #[view_config(route = "/latest")]
    /// async fn latest(request: &Request) -> Result<String> {
    ///     Ok(request.route_url(&Post { id: 7, slug: "on writing".into() })?)
    /// }
    /// ```
    ///
    /// # Errors
    /// Where the route is not part of the application, or its placeholders do not suit its values.
    fn route_url<R: Route>(&self, route: &R) -> Result<String, UrlError> {
        self.route_url_by_name(R::DECLARATION.name, route, &UrlOptions::default())
    }

    /// The same without scheme and host.
    ///
    /// # Errors
    /// As there.
    fn route_path<R: Route>(&self, route: &R) -> Result<String, UrlError> {
        self.route_path_by_name(R::DECLARATION.name, route, &UrlOptions::default())
    }

    /// The URL of the route `name`, with values for its placeholders and whatever else the URL is to have.
    ///
    /// # Errors
    /// Where there is no such route, or a placeholder has no value.
    fn route_url_by_name(
        &self,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError>;

    /// The same without scheme and host.
    ///
    /// # Errors
    /// As there.
    fn route_path_by_name(
        &self,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError>;
}

fn base(request: &Request) -> UrlBase<'_> {
    UrlBase { scheme: request.scheme(), host: request.host(), script_name: "" }
}

impl RequestExt for Request {
    fn application(&self) -> &Application {
        // A request is only ever made by an application, and with itself.
        self.application_any().downcast_ref().expect("a request belongs to an application")
    }

    fn matched_route(&self) -> Option<&RegisteredRoute> {
        self.application().routes.get(self.matched()?.route())
    }

    fn route_url_by_name(
        &self,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        let route =
            self.application().route(name).ok_or_else(|| UrlError::NoSuchRoute { route: name.to_owned() })?;
        route.reverse.url(values, &base(self), options)
    }

    fn route_path_by_name(
        &self,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        let route =
            self.application().route(name).ok_or_else(|| UrlError::NoSuchRoute { route: name.to_owned() })?;
        route.reverse.path(values, &base(self), options)
    }
}
