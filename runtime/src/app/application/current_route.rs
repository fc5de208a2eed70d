//! URLs of the route that matched a request.

use super::{RegisteredRoute, RequestExt};
use crate::app::request::Request;
use crate::app::route::{UrlError, UrlOptions};
use crate::protocol::pattern::{PathValue, PathValues};
use crate::protocol::url::{self, Query};

/// URLs of the route that matched this request, for the same page with something else: another page number, another language.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::route::UrlOptions;
///
/// #[view_config(route = "/{language}/shelves/{number}")]
/// async fn shelf(request: &Request) -> Result<String> {
///     let in_french = [("language", "fr".into())];
///     let second_page = UrlOptions::default().query([("page", 2)]);
///     Ok(format!(
///         "{}\n{}\n{}",
///         request.current_route_path()?,
///         request.current_route_path_with(&in_french, &UrlOptions::default())?,
///         request.current_route_path_with(&(), &second_page)?,
///     ))
/// }
/// #
/// # aiopyramid::testing::run_test(|config| { config.scan_module(module_path!()); Ok(()) }, |client| async move {
/// #     let page = client.get("/en/shelves/7?sort=title").await;
/// #     assert_eq!(page.text(), "/en/shelves/7?sort=title\n/fr/shelves/7?sort=title\n/en/shelves/7?page=2");
/// # });
/// ```
impl Request {
    /// The URL of the route that matched, with the values and the query string of this request: Pyramid's `current_route_url`.
    ///
    /// # Errors
    /// Where no route matched.
    pub fn current_route_url(&self) -> Result<String, UrlError> {
        self.current_route_url_with(&(), &UrlOptions::default())
    }

    /// The same without scheme and host.
    ///
    /// # Errors
    /// Where no route matched.
    pub fn current_route_path(&self) -> Result<String, UrlError> {
        self.current_route_path_with(&(), &UrlOptions::default())
    }

    /// The same, with some values and whatever else the URL is to have replaced. The query string of the request is kept unless
    /// the options have one: [`.query(())`](UrlOptions::query) takes it away.
    ///
    /// # Errors
    /// Where no route matched.
    pub fn current_route_url_with(
        &self,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        self.current_route_url_by_name(&current(self)?.name, values, options)
    }

    /// The same without scheme and host.
    ///
    /// # Errors
    /// Where no route matched.
    pub fn current_route_path_with(
        &self,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        self.current_route_path_by_name(&current(self)?.name, values, options)
    }

    /// The URL of another route, whose placeholders take the values of this request where `values` has none: Pyramid's
    /// `current_route_url(_route_name=...)`.
    ///
    /// # Errors
    /// Where no route matched, there is no route of that name, or a placeholder has no value.
    pub fn current_route_url_by_name(
        &self,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        current(self)?;
        self.route_url_by_name(name, &Overlaid { values, request: self }, &with_own_query(self, options))
    }

    /// The same without scheme and host.
    ///
    /// # Errors
    /// As there.
    pub fn current_route_path_by_name(
        &self,
        name: &str,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        current(self)?;
        self.route_path_by_name(name, &Overlaid { values, request: self }, &with_own_query(self, options))
    }
}

fn current(request: &Request) -> Result<&RegisteredRoute, UrlError> {
    request.matched_route().ok_or(UrlError::NoCurrentRoute)
}

fn with_own_query(request: &Request, options: &UrlOptions) -> UrlOptions {
    let mut options = options.clone();
    let own = || Query::from(url::form_pairs(request.query_string()));
    options.query.get_or_insert_with(own);
    options
}

/// Values over those that the request's path has.
struct Overlaid<'a, V: ?Sized> {
    values: &'a V,
    request: &'a Request,
}

impl<V: PathValues + ?Sized> PathValues for Overlaid<'_, V> {
    fn path_value(&self, name: &str) -> Option<PathValue<'_>> {
        self.values.path_value(name).or_else(|| {
            let matched = self.request.matched()?;
            let path = self.request.path();
            if matched.matcher().pattern().rest() == Some(name) {
                return Some(PathValue::list(matched.rest(path)));
            }
            matched.value_of(name, path).map(PathValue::from)
        })
    }
}
