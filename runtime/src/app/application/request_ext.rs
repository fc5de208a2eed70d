//! What a request knows of the application that answers it.

use super::{Application, RegisteredRoute};
#[cfg(feature = "static")]
use crate::app::asset::urls::{Target, external_url, with_query};
use crate::app::event::Event;
use crate::app::extract::State;
use crate::app::request::Request;
use crate::app::route::{Reverse, Route, UrlBase, UrlError, UrlOptions};
use crate::app::settings::Settings;
use crate::app::traversal::{Located, Resource, ResourceUrl};
use crate::error::Result;
#[cfg(feature = "static")]
use crate::protocol::pattern::PathValue;
use crate::protocol::pattern::PathValues;
use crate::suggestion::nearest;

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
        self.application().state()
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
        self.route_url_with(route, &UrlOptions::default())
    }

    /// The same, with whatever else the URL is to have.
    ///
    /// # Errors
    /// As there; and where an application URL is given for a route that leads to another server.
    fn route_url_with<R: Route>(&self, route: &R, options: &UrlOptions) -> Result<String, UrlError> {
        self.route_url_by_name(R::DECLARATION.name, route, options)
    }

    /// The same without scheme and host.
    ///
    /// # Errors
    /// As there.
    fn route_path<R: Route>(&self, route: &R) -> Result<String, UrlError> {
        self.route_path_with(route, &UrlOptions::default())
    }

    /// The same, with whatever else the URL is to have.
    ///
    /// # Errors
    /// As there.
    fn route_path_with<R: Route>(&self, route: &R, options: &UrlOptions) -> Result<String, UrlError> {
        self.route_path_by_name(R::DECLARATION.name, route, options)
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

    /// The URL of a resource, below the virtual root where there is one: scheme and host as in this request.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    /// use aiopyramid::route::UrlOptions;
    ///
    /// # #[resource]
    /// # struct Book;
    /// async fn book(Context(book): Context<Book>, request: &Request) -> String {
    ///     let edit = UrlOptions::default().element("edit");
    ///     format!("{} can be edited at {}", request.resource_url(&book), request.resource_url_with(&book, &edit))
    /// }
    /// ```
    fn resource_url<T: Resource + ?Sized>(&self, resource: &Located<T>) -> String {
        self.resource_url_with(resource, &UrlOptions::default())
    }

    /// The same, with whatever else the URL is to have.
    fn resource_url_with<T: Resource + ?Sized>(&self, resource: &Located<T>, options: &UrlOptions) -> String;

    /// The URL of a resource without scheme and host.
    fn resource_path<T: Resource + ?Sized>(&self, resource: &Located<T>) -> String {
        self.resource_path_with(resource, &UrlOptions::default())
    }

    /// The same, with whatever else the URL is to have.
    fn resource_path_with<T: Resource + ?Sized>(&self, resource: &Located<T>, options: &UrlOptions)
    -> String;

    /// The URL of a resource by way of the route `name`, whose final `*traverse` takes the resource's path.
    ///
    /// # Errors
    /// Where there is no such route, or another of its placeholders has no value.
    fn resource_url_by_route<T: Resource + ?Sized>(
        &self,
        resource: &Located<T>,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError>;

    /// The same without scheme and host.
    ///
    /// # Errors
    /// As there.
    fn resource_path_by_route<T: Resource + ?Sized>(
        &self,
        resource: &Located<T>,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError>;

    /// The URL of a static file, by the path of the file as the program knows it: what
    /// [`add_static_view`](crate::Configurator::add_static_view) was given, and what stands below.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// async fn logo(request: Request) -> Result<String> {
    ///     Ok(request.static_url("assets/images/logo.svg")?)
    /// }
    ///
    /// # fn includeme(config: &mut Configurator) {
    /// config.add_static_view("static", "assets"); // http://example.com/static/images/logo.svg
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where no static view has that path.
    #[cfg(feature = "static")]
    fn static_url(&self, path: &str) -> Result<String, UrlError> {
        self.static_url_with(path, &UrlOptions::default())
    }

    /// The same without scheme and host, unless the files are on another server.
    ///
    /// # Errors
    /// As there.
    #[cfg(feature = "static")]
    fn static_path(&self, path: &str) -> Result<String, UrlError> {
        self.static_path_with(path, &UrlOptions::default())
    }

    /// The URL of a static file, with whatever else it is to have.
    ///
    /// # Errors
    /// Where no static view has that path.
    #[cfg(feature = "static")]
    fn static_url_with(&self, path: &str, options: &UrlOptions) -> Result<String, UrlError>;

    /// The same without scheme and host, unless the files are on another server.
    ///
    /// # Errors
    /// As there.
    #[cfg(feature = "static")]
    fn static_path_with(&self, path: &str, options: &UrlOptions) -> Result<String, UrlError>;
}

/// Where a static file is, with what its URL is to have besides.
#[cfg(feature = "static")]
fn of_static<'r>(
    request: &'r Request,
    path: &str,
    options: &UrlOptions,
) -> Result<(&'r Target, String, UrlOptions), UrlError> {
    let statics = &request.application().statics;
    let (target, asset) = statics.find(path).ok_or_else(|| UrlError::NoSuchStaticView {
        path: path.to_owned(),
        known: statics.specifications().map(str::to_owned).collect(),
    })?;
    Ok((target, asset.subpath, with_query(options, asset.query)))
}

fn base(request: &Request) -> UrlBase<'_> {
    UrlBase { scheme: request.scheme(), host: request.host(), script_name: request.script_name() }
}

/// What of a path that a route matched is walked.
const REMAINDER: &str = "traverse";

fn reverse<'a>(request: &'a Request, name: &str) -> Result<&'a Reverse, UrlError> {
    let application = request.application();
    application.route(name).map(|route| &route.reverse).ok_or_else(|| {
        let near = nearest(name, application.routes().iter().map(|route| &*route.name));
        UrlError::NoSuchRoute { route: name.to_owned(), near: near.map(str::to_owned) }
    })
}

/// The URL of a resource below the virtual root of this request.
fn in_request<T: Resource + ?Sized, O>(
    request: &Request,
    resource: &Located<T>,
    make: impl FnOnce(ResourceUrl<'_>) -> O,
) -> O {
    match request.traversed() {
        None => make(ResourceUrl::new(resource)),
        Some(traversed) => make(ResourceUrl::below(traversed.virtual_root_path(), resource)),
    }
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
        reverse(self, name)?.url(values, &base(self), options)
    }

    fn route_path_by_name(
        &self,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        reverse(self, name)?.path(values, &base(self), options)
    }

    #[cfg(feature = "static")]
    fn static_url_with(&self, path: &str, options: &UrlOptions) -> Result<String, UrlError> {
        let (target, subpath, options) = of_static(self, path, options)?;
        match target {
            Target::External(base) => Ok(external_url(base, &subpath, self.scheme(), &options)),
            Target::Route(name) => {
                self.route_url_by_name(name, &[("subpath", PathValue::from(&subpath))], &options)
            }
        }
    }

    #[cfg(feature = "static")]
    fn static_path_with(&self, path: &str, options: &UrlOptions) -> Result<String, UrlError> {
        let (target, subpath, options) = of_static(self, path, options)?;
        match target {
            Target::External(base) => Ok(external_url(base, &subpath, self.scheme(), &options)),
            Target::Route(name) => {
                self.route_path_by_name(name, &[("subpath", PathValue::from(&subpath))], &options)
            }
        }
    }

    fn resource_url_with<T: Resource + ?Sized>(&self, resource: &Located<T>, options: &UrlOptions) -> String {
        in_request(self, resource, |found| found.url(&base(self), options))
    }

    fn resource_path_with<T: Resource + ?Sized>(
        &self,
        resource: &Located<T>,
        options: &UrlOptions,
    ) -> String {
        in_request(self, resource, |found| found.path(&base(self), options))
    }

    fn resource_url_by_route<T: Resource + ?Sized>(
        &self,
        resource: &Located<T>,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        let reverse = reverse(self, name)?;
        in_request(self, resource, |found| {
            found.url_by_route(reverse, REMAINDER, values, &base(self), options)
        })
    }

    fn resource_path_by_route<T: Resource + ?Sized>(
        &self,
        resource: &Located<T>,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        let reverse = reverse(self, name)?;
        in_request(self, resource, |found| {
            found.path_by_route(reverse, REMAINDER, values, &base(self), options)
        })
    }
}
