//! The URL of a resource.

use super::located::Located;
use super::resource::Resource;
use crate::app::route::{Reverse, UrlBase, UrlError, UrlOptions, application_url, push_options};
use crate::protocol::pattern::{PathValue, PathValues};
use crate::protocol::url;

/// The URL of a resource in the making: its path below the virtual root. Requests make these:
/// [`request.resource_url`](crate::RequestExt::resource_url).
///
/// ```
/// use aiopyramid::route::{UrlBase, UrlOptions};
/// use aiopyramid::traversal::{DefaultRoot, Located, ResourceUrl};
///
/// let book = Located::new(DefaultRoot).child("poems", DefaultRoot).child("a/b", DefaultRoot);
/// let base = UrlBase { scheme: "https", host: "example.com", script_name: "/shop" };
/// let edit = UrlOptions::default().element("edit");
/// assert_eq!(ResourceUrl::new(&book).url(&base, &edit), "https://example.com/shop/poems/a%2Fb/edit");
/// assert_eq!(ResourceUrl::below(["poems"], &book).path(&base, &UrlOptions::default()), "/shop/a%2Fb/");
/// ```
#[derive(Debug, Clone)]
pub struct ResourceUrl<'a> {
    /// From the virtual root to the resource.
    names: Vec<&'a str>,
    of_root: bool,
}

impl<'a> ResourceUrl<'a> {
    /// Of a resource that is reached from its root.
    pub fn new<T: Resource + ?Sized>(resource: &'a Located<T>) -> Self {
        let names = resource.names();
        Self { of_root: names.is_empty(), names }
    }

    /// Of one that is reached from a virtual root, whose path is left out. A resource that is not below it has its whole path.
    pub fn below<T: Resource + ?Sized>(
        virtual_root: impl IntoIterator<Item = impl AsRef<str>>,
        resource: &'a Located<T>,
    ) -> Self {
        let mut made = Self::new(resource);
        let mut above = 0;
        for name in virtual_root {
            if made.names.get(above).is_none_or(|found| *found != name.as_ref()) {
                return made;
            }
            above += 1;
        }
        made.names.drain(..above);
        made
    }

    /// The whole URL. It ends in a slash, unless the options have more segments for it. Pyramid's `resource_url`.
    pub fn url(&self, base: &UrlBase<'_>, options: &UrlOptions) -> String {
        let start = match &options.app_url {
            Some(app_url) => app_url.clone(),
            None => application_url(base, options),
        };
        self.finish(start, options)
    }

    /// The URL without scheme and host. Of the options those that concern the host have no effect.
    pub fn path(&self, base: &UrlBase<'_>, options: &UrlOptions) -> String {
        // Not escaped, as in the path of a route.
        self.finish(base.script_name.to_owned(), options)
    }

    fn finish(&self, mut out: String, options: &UrlOptions) -> String {
        for name in &self.names {
            out.push('/');
            url::push_segment(&mut out, name);
        }
        out.push('/');
        push_options(&mut out, options);
        out
    }

    /// The URL by way of a route: the resource's path is what its placeholder `remainder` takes, usually `traverse`; the others
    /// are taken from `values`.
    ///
    /// # Errors
    /// Where another placeholder of the route has no value; where `app_url` is set for a route that leads to another server.
    pub fn url_by_route(
        &self,
        route: &Reverse,
        remainder: &str,
        values: &(impl PathValues + ?Sized),
        base: &UrlBase<'_>,
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        route.url(&self.values(remainder, values), base, options)
    }

    /// The same without scheme and host.
    ///
    /// # Errors
    /// Where another placeholder of the route has no value; where the route leads to another server.
    pub fn path_by_route(
        &self,
        route: &Reverse,
        remainder: &str,
        values: &(impl PathValues + ?Sized),
        base: &UrlBase<'_>,
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        route.path(&self.values(remainder, values), base, options)
    }

    fn values<'v, V: PathValues + ?Sized>(
        &'v self,
        remainder: &'v str,
        values: &'v V,
    ) -> WithRemainder<'v, V> {
        // The path begins and ends with a slash, also behind a placeholder: those of empty names. That of the root is empty.
        let mut names = Vec::with_capacity(self.names.len() + 2);
        names.push("");
        names.extend(&self.names);
        if !self.of_root {
            names.push("");
        }
        WithRemainder { values, remainder, names }
    }
}

struct WithRemainder<'a, V: ?Sized> {
    values: &'a V,
    remainder: &'a str,
    names: Vec<&'a str>,
}

impl<V: PathValues + ?Sized> PathValues for WithRemainder<'_, V> {
    fn path_value(&self, name: &str) -> Option<PathValue<'_>> {
        if name == self.remainder {
            return Some(self.names.clone().into());
        }
        self.values.path_value(name)
    }
}
