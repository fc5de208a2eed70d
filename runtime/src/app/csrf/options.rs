//! What of a request is looked at, and when.

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, Method};

use super::cookie::CsrfCookie;
use super::origin::TrustedOrigin;
use crate::app::request::Request;

type Callback = dyn Fn(&Request) -> bool + Send + Sync;

/// How requests are told from those of other sites: given to
/// [`set_default_csrf_options`](crate::Configurator::set_default_csrf_options). The defaults are Pyramid's.
///
/// ```
/// use aiopyramid::csrf::CsrfOptions;
/// use aiopyramid::prelude::*;
///
/// fn includeme(config: &mut Configurator) -> Result<()> {
///     // What comes with a key of its own comes from no browser's form.
///     let options = CsrfOptions::new().callback(|request| request.header("x-api-key").is_none());
///     config.set_default_csrf_options(options);
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct CsrfOptions {
    pub(crate) require: bool,
    pub(crate) token: Option<String>,
    pub(crate) header: Option<HeaderName>,
    safe_methods: Vec<Method>,
    pub(crate) check_origin: bool,
    pub(super) allow_no_origin: bool,
    pub(super) trusted_origins: Vec<TrustedOrigin>,
    callback: Option<Arc<Callback>>,
    /// What was said of it that cannot be.
    pub(crate) fault: Option<String>,
}

impl CsrfOptions {
    /// Every view is protected that does not say `require_csrf = false`; exception views are where they say so.
    pub fn new() -> Self {
        Self {
            require: true,
            token: Some("csrf_token".to_owned()),
            header: Some(HeaderName::from_static("x-csrf-token")),
            safe_methods: vec![Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE],
            check_origin: true,
            allow_no_origin: false,
            trusted_origins: Vec::new(),
            callback: None,
            fault: None,
        }
    }

    /// Whether views are protected that do not say themselves: `true`
    #[must_use]
    pub fn require(mut self, require: bool) -> Self {
        self.require = require;
        self
    }

    /// The field of a form that brings the token: `csrf_token`. With `None` only a header does.
    #[must_use]
    pub fn token<'a>(mut self, field: impl Into<Option<&'a str>>) -> Self {
        self.token = field.into().map(str::to_owned);
        self
    }

    /// The header that brings the token: `X-CSRF-Token`. Where it is there, the form is not looked at. With `None` only a form does.
    #[must_use]
    pub fn header<'a>(mut self, name: impl Into<Option<&'a str>>) -> Self {
        self.header = name.into().and_then(|name| {
            let header = HeaderName::try_from(name).ok();
            if header.is_none() {
                self.fault = Some(format!("`{name}` is no name of a header\nhelp: `X-CSRF-Token`"));
            }
            header
        });
        self
    }

    /// The methods that change nothing, and so need no token: GET, HEAD, OPTIONS, TRACE (RFC 9110 section 9.2.1).
    #[must_use]
    pub fn safe_methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.safe_methods = methods.into_iter().collect();
        self
    }

    /// Whether over https it is looked at the page, too, that a request comes from: `true`
    #[must_use]
    pub fn check_origin(mut self, check: bool) -> Self {
        self.check_origin = check;
        self
    }

    /// Whether a request over https may name no page at all: `false`
    #[must_use]
    pub fn allow_no_origin(mut self, allow: bool) -> Self {
        self.allow_no_origin = allow;
        self
    }

    /// Hosts whose pages are believed besides those of this one: `example.com`, `example.com:8443`, `.example.com` for all in a
    /// domain, `null`. The setting `csrf_trusted_origins` adds others.
    #[must_use]
    pub fn trusted_origins<'a>(mut self, origins: impl IntoIterator<Item = &'a str>) -> Self {
        for origin in origins {
            match TrustedOrigin::read(origin) {
                Ok(origin) => self.trusted_origins.push(origin),
                Err(fault) => self.fault = Some(fault),
            }
        }
        self
    }

    /// Says of a request whether it is looked at: where this gives `false`, it is not.
    #[must_use]
    pub fn callback(mut self, callback: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Self {
        self.callback = Some(Arc::new(callback));
        self
    }

    /// Whether a request has to be looked at.
    pub(crate) fn concern(&self, request: &Request) -> bool {
        !self.safe_methods.contains(request.method())
            && self.callback.as_ref().is_none_or(|callback| callback(request))
    }

    /// What is wrong with them.
    pub(crate) fn refused(&self) -> Option<String> {
        if self.fault.is_none() && self.token.is_none() && self.header.is_none() {
            return Some(
                "neither a field nor a header brings the token, so every request would be refused\nhelp: leave away `.token(None)` or `.header(None)`"
                    .to_owned(),
            );
        }
        self.fault.clone()
    }
}

impl Default for CsrfOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CsrfOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsrfOptions")
            .field("require", &self.require)
            .field("token", &self.token)
            .field("header", &self.header)
            .field("check_origin", &self.check_origin)
            .field("trusted_origins", &self.trusted_origins)
            .finish_non_exhaustive()
    }
}

/// What an application has settled.
#[derive(Debug, Default)]
pub(crate) struct Csrf {
    pub(crate) options: CsrfOptions,
    /// Where tokens are kept; without this, in the session.
    pub(crate) cookie: Option<CsrfCookie>,
    /// Those of the settings.
    pub(crate) trusted_origins: Vec<TrustedOrigin>,
}
