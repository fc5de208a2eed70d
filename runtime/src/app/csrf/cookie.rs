//! Tokens that are kept in a cookie.

use std::time::Duration;

use crate::app::request::Request;
use crate::error::Result;
use crate::protocol::cookie::{CookieAttributes, SameSite, cookie_methods};
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
    /// The cookie `csrf_token`, `HttpOnly`, `SameSite=Lax`, and `Secure` over https. A script that is to bring the token in a header
    /// has to read it: [`http_only(false)`](Self::http_only).
    pub fn new() -> Self {
        Self(CookieAttributes::named("csrf_token"))
    }

    cookie_methods!(0);

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
        made.or_else(|| request.cookie(&self.0.name).filter(|token| is_token(token)))
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

/// Whether it may be a token of ours, or of a Pyramid application that has the same cookie. Others can set cookies, too, and this
/// one is shown on pages.
fn is_token(text: &str) -> bool {
    (32..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A token that was made for this request.
#[derive(Debug, Clone)]
struct MadeToken(String);
