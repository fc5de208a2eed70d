//! Tokens that are kept in a cookie.

use std::time::Duration;

use crate::app::request::Request;
use crate::error::Result;
use crate::protocol::cookie::{CookieAttributes, SameSite};
use crate::protocol::random;

/// Keeps tokens in a cookie of their own instead of the session, for an application without sessions:
/// [`set_csrf_cookie`](crate::Configurator::set_csrf_cookie). Pyramid's `CookieCSRFStoragePolicy`.
///
/// A page on another host of the same domain can set such a cookie, and so knows the token; in a session it does not.
#[derive(Debug, Clone)]
pub struct CsrfCookie(CookieAttributes);

impl Default for CsrfCookie {
    fn default() -> Self {
        Self::new()
    }
}

impl CsrfCookie {
    /// The cookie `csrf_token`, `HttpOnly`, `SameSite=Lax`, and `Secure` over https.
    pub fn new() -> Self {
        Self(CookieAttributes::named("csrf_token"))
    }

    /// Its name.
    #[must_use]
    pub fn cookie_name(mut self, name: impl Into<String>) -> Self {
        self.0.name = name.into();
        self
    }

    /// How long the browser keeps it. Without this, until it is closed.
    #[must_use]
    pub fn max_age(mut self, age: impl Into<Option<Duration>>) -> Self {
        self.0.max_age = age.into();
        self
    }

    /// The path below which it is sent: `/`
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.0.path = path.into();
        self
    }

    /// The domain whose hosts it is sent to.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.0.domain = Some(domain.into());
        self
    }

    /// Whether it is sent over https only. Without this it is where it was set over https.
    #[must_use]
    pub fn secure(mut self, secure: bool) -> Self {
        self.0.secure = Some(secure);
        self
    }

    /// Whether it is kept from scripts: `true`. A script that brings the token in a header has to read it.
    #[must_use]
    pub fn http_only(mut self, http_only: bool) -> Self {
        self.0.http_only = http_only;
        self
    }

    /// Whether it comes along where another site leads here: [`SameSite::Lax`]
    #[must_use]
    pub fn same_site(mut self, same_site: impl Into<Option<SameSite>>) -> Self {
        self.0.same_site = same_site.into();
        self
    }

    /// What is wrong with it.
    ///
    /// # Errors
    /// Where browsers would refuse it.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.0.check()
    }

    /// The token that this request has: one that was just made for it, or that of its cookie.
    pub(crate) fn token(&self, request: &Request) -> Option<String> {
        let made = request.extension::<MadeToken>().map(|MadeToken(token)| token);
        made.or_else(|| request.cookie(&self.0.name)).filter(|token| !token.is_empty())
    }

    /// A new token, which the response will set.
    pub(crate) fn make(&self, request: &Request) -> Result<String> {
        let token = random::token()?;
        if request.set_extension(MadeToken(token.clone())).is_none() {
            let attributes = self.0.clone();
            request.add_response_callback(move |request, response| {
                let Some(MadeToken(token)) = request.extension() else { return Ok(()) };
                response.add_cookie(&attributes.cookie(token, request.scheme() == "https"))
            });
        }
        Ok(token)
    }
}

/// A token that was made for this request.
#[derive(Debug, Clone)]
struct MadeToken(String);
