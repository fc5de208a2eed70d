//! The URL of a route.

use std::fmt;

use aiopyramid_pattern::{Pattern, PatternError};

use crate::protocol::pattern::{GenerateError, Generator, PathValues};
use crate::protocol::url::{self, Query};

/// The other direction of a route: from values to a URL.
///
/// ```
/// use aiopyramid::route::{Reverse, UrlBase, UrlOptions};
///
/// let post = Reverse::new("post", "/users/{id}/posts/{slug}")?;
/// let base = UrlBase { scheme: "https", host: "example.com", script_name: "" };
/// let values = [("id", 7.into()), ("slug", "on ü".into())];
/// let options = UrlOptions::default().query([("page", 2)]).anchor("end");
/// assert_eq!(post.url(&values, &base, &options)?, "https://example.com/users/7/posts/on%20%C3%BC?page=2#end");
/// assert_eq!(post.path(&values, &base, &UrlOptions::default())?, "/users/7/posts/on%20%C3%BC");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Reverse {
    name: Box<str>,
    generator: Generator,
    external: Option<External>,
}

/// Another server: `https://cdn.example.com` or `//cdn.example.com` before the pattern.
#[derive(Debug, Clone)]
struct External {
    scheme: Option<Box<str>>,
    authority: Box<str>,
}

impl External {
    /// Splits a pattern that begins with a server.
    fn split(pattern: &str) -> Option<(Self, &str)> {
        let (scheme, rest) = match pattern.split_once("//")? {
            ("", rest) => (None, rest),
            (scheme, rest) => (Some(scheme.strip_suffix(':')?), rest),
        };
        let is_scheme = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        (scheme.is_none_or(is_scheme) && !authority.is_empty())
            .then(|| (Self { scheme: scheme.map(Into::into), authority: authority.into() }, path))
    }
}

/// What the request says of the URL under which the application is reached.
#[derive(Debug, Clone, Copy)]
pub struct UrlBase<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// The host as in the Host header: with a port, if there was one.
    pub host: &'a str,
    /// What stands before the application's paths, decoded: empty, or `/app`.
    pub script_name: &'a str,
}

/// What a URL is to have besides the path of its route, and what is to be other than in the request.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct UrlOptions {
    /// More segments behind the route's path; a `/` in them is escaped.
    pub elements: Vec<String>,
    /// The query string. By default none; but the URL of the [current route](crate::Request::current_route_url) keeps that of the
    /// request then, and `.query(())` takes it away.
    pub query: Option<Query>,
    /// The fragment, without `#`. Empty by default, which is none.
    pub anchor: String,
    /// Another scheme. With `http` or `https` the port becomes the default one, unless [`port`](Self::port) says otherwise.
    pub scheme: Option<String>,
    /// Another host. Without a port, the request's port stays.
    pub host: Option<String>,
    /// Another port. The default one of `http` or `https` is left out.
    pub port: Option<u16>,
    /// What to put before the path instead of scheme, host, port and script name. Those are then without effect.
    pub app_url: Option<String>,
}

impl UrlOptions {
    /// Appends one of the [`elements`](Self::elements).
    #[must_use]
    pub fn element(mut self, element: impl Into<String>) -> Self {
        self.elements.push(element.into());
        self
    }

    /// Sets the [`query`](Self::query).
    #[must_use]
    pub fn query(mut self, query: impl Into<Query>) -> Self {
        self.query = Some(query.into());
        self
    }

    /// Sets the [`anchor`](Self::anchor).
    #[must_use]
    pub fn anchor(mut self, anchor: impl Into<String>) -> Self {
        self.anchor = anchor.into();
        self
    }

    /// Sets the [`scheme`](Self::scheme).
    #[must_use]
    pub fn scheme(mut self, scheme: impl Into<String>) -> Self {
        self.scheme = Some(scheme.into());
        self
    }

    /// Sets the [`host`](Self::host).
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Sets the [`port`](Self::port).
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Sets the [`app_url`](Self::app_url).
    #[must_use]
    pub fn app_url(mut self, app_url: impl Into<String>) -> Self {
        self.app_url = Some(app_url.into());
        self
    }
}

/// Why there is no URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// The application has no route of this name.
    NoSuchRoute {
        /// The name.
        route: String,
        /// A name that was perhaps meant.
        near: Option<String>,
    },
    /// The URL of the current route was asked for, and no route matched the request.
    NoCurrentRoute,
    /// The values do not fit the route's pattern.
    Values {
        /// The route.
        route: String,
        /// Which placeholder it is, and what is wrong with its value.
        source: GenerateError,
    },
    /// No static view has a file of this path.
    NoSuchStaticView {
        /// The path.
        path: String,
        /// The paths of the static views that there are.
        known: Vec<String>,
    },
    /// A path, or another application URL, was wanted of a route that leads to another server.
    External {
        /// The route.
        route: String,
    },
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchRoute { route, near } => {
                write!(f, "there is no route named `{route}`")?;
                match near {
                    Some(near) => write!(f, "; did you mean `{near}`?"),
                    None => Ok(()),
                }
            }
            Self::NoCurrentRoute => {
                f.write_str("no route matched this request, so there is none to make a URL of")
            }
            Self::Values { route, source } => write!(f, "no URL for the route `{route}`: {source}"),
            Self::NoSuchStaticView { path, known } => {
                write!(f, "no static view has `{path}`")?;
                match &known[..] {
                    [] => f.write_str("; there is none at all"),
                    known => write!(f, "; there are those for `{}`", known.join("`, `")),
                }
            }
            Self::External { route } => {
                write!(
                    f,
                    "the route `{route}` leads to another server, so it has only a whole URL and no `app_url`"
                )
            }
        }
    }
}

impl std::error::Error for UrlError {}

impl Reverse {
    /// Prepares the route called `name`. `pattern` may be a URL with a host, for a route that leads to another server and
    /// matches nothing here (Pyramid: "External Routes").
    ///
    /// # Errors
    /// As [`Pattern::parse`].
    pub fn new(name: impl Into<String>, pattern: &str) -> Result<Self, PatternError> {
        let (external, pattern) = match External::split(pattern) {
            Some((external, path)) => (Some(external), path),
            None => (None, pattern),
        };
        let generator = Generator::new(&Pattern::parse(pattern)?);
        Ok(Self { name: name.into().into(), generator, external })
    }

    /// The route's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of its placeholders, a final `*name` last.
    #[cfg(feature = "templates")]
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.generator.names()
    }

    /// Whether it leads to another server, so that it matches nothing here.
    pub fn is_external(&self) -> bool {
        self.external.is_some()
    }

    /// The whole URL: Pyramid's `route_url`.
    ///
    /// # Errors
    /// Where a placeholder has no value; where `app_url` is set for a route that leads to another server.
    pub fn url(
        &self,
        values: &(impl PathValues + ?Sized),
        base: &UrlBase<'_>,
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        let start = match (&options.app_url, &self.external) {
            (Some(_), Some(_)) => return Err(self.is_elsewhere()),
            (Some(app_url), None) => app_url.clone(),
            (None, Some(External { scheme, authority })) => {
                let scheme = options.scheme.as_deref().or(scheme.as_deref()).unwrap_or(base.scheme);
                format!("{scheme}://{authority}")
            }
            (None, None) => application_url(base, options),
        };
        self.finish(start, values, options)
    }

    /// The URL without scheme and host: Pyramid's `route_path`. Of the options those that concern the host have no effect.
    ///
    /// # Errors
    /// Where a placeholder has no value; where the route leads to another server.
    pub fn path(
        &self,
        values: &(impl PathValues + ?Sized),
        base: &UrlBase<'_>,
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        if self.is_external() {
            return Err(self.is_elsewhere());
        }
        // Not escaped: that is Pyramid's way, and a script name that needs it is hardly ever seen.
        self.finish(base.script_name.to_owned(), values, options)
    }

    fn is_elsewhere(&self) -> UrlError {
        UrlError::External { route: self.name.to_string() }
    }

    fn finish(
        &self,
        mut out: String,
        values: &(impl PathValues + ?Sized),
        options: &UrlOptions,
    ) -> Result<String, UrlError> {
        self.generator
            .push_path(&mut out, values)
            .map_err(|source| UrlError::Values { route: self.name.to_string(), source })?;
        push_options(&mut out, options);
        Ok(out)
    }
}

/// Appends what comes behind the path: more segments, the query string, the fragment.
pub(crate) fn push_options(out: &mut String, options: &UrlOptions) {
    for (place, element) in options.elements.iter().enumerate() {
        // A path that ends in a slash has the first one already.
        if place > 0 || !out.ends_with('/') {
            out.push('/');
        }
        url::push_segment(out, element);
    }
    push_query_and_anchor(out, options);
}

/// Appends the query string and the fragment, each with its sign, where they are not empty.
pub(crate) fn push_query_and_anchor(out: &mut String, options: &UrlOptions) {
    if let Some(query) = options.query.as_ref().filter(|query| !query.is_empty()) {
        out.push('?');
        query.push_to(out);
    }
    if !options.anchor.is_empty() {
        out.push('#');
        url::push_query(out, &options.anchor);
    }
}

/// Scheme, host, port and script name, with what the options replace (`_partial_application_url` in Pyramid).
pub(crate) fn application_url(base: &UrlBase<'_>, options: &UrlOptions) -> String {
    let scheme = options.scheme.as_deref().unwrap_or(base.scheme);
    let (base_host, base_port) = split_port(base.host);
    let (host, port) = options.host.as_deref().map_or((base_host, None), split_port);
    let port = match options.port {
        Some(port) => Some(port.to_string()),
        // Another scheme is served on another port.
        None if options.scheme.is_some() && default_port(scheme).is_some() => None,
        None => {
            let overridden = options.scheme.is_some() || options.host.is_some();
            let implied = overridden.then(|| default_port(base.scheme).unwrap_or("80"));
            port.or(base_port).or(implied).map(str::to_owned)
        }
    };
    let mut out = format!("{scheme}://{host}");
    if let Some(port) = port.filter(|port| Some(&**port) != default_port(scheme)) {
        out.extend([":", &port]);
    }
    url::push_path(&mut out, base.script_name);
    out
}

fn default_port(scheme: &str) -> Option<&'static str> {
    match scheme {
        "http" => Some("80"),
        "https" => Some("443"),
        _ => None,
    }
}

/// Host and port; the colons of an IPv6 address in brackets are no port's.
fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    }
}
