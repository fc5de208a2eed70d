//! The token of a request, and whether it brought it.

use http::header::CONTENT_TYPE;
use subtle::ConstantTimeEq;

use super::RequestExt;
use crate::app::csrf::{BadCsrfToken, Csrf};
use crate::app::extract::{Form, FromRequest};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::error::{Error, Result};

/// The token that pages of this application alone know, and that their forms bring back: see [`csrf`](crate::csrf).
impl Request {
    /// The token of the client; made now where it has none. A form brings it in a hidden field `csrf_token`, a script in a header
    /// `X-CSRF-Token`. Templates call it as a function, `{{ get_csrf_token() }}`.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// #[view_config(route = "/token", renderer = "json")]
    /// async fn token(request: &Request) -> Result<String> {
    ///     request.get_csrf_token().await
    /// }
    /// ```
    ///
    /// # Errors
    /// Where the application has neither sessions nor a [cookie for tokens](crate::Configurator::set_csrf_cookie), what looking for
    /// the session fails with, and where the system gives no random numbers.
    pub async fn get_csrf_token(&self) -> Result<String> {
        match &self.application().csrf.cookie {
            Some(cookie) => cookie.token(self).map_or_else(|| cookie.make(self), Ok),
            None => self.session().await?.get_csrf_token(),
        }
    }

    /// A new token for the client: forms that it was shown before are refused from now on. What a login does.
    ///
    /// # Errors
    /// As [`get_csrf_token`](Self::get_csrf_token).
    pub async fn new_csrf_token(&self) -> Result<String> {
        match &self.application().csrf.cookie {
            Some(cookie) => cookie.make(self),
            None => self.session().await?.new_csrf_token(),
        }
    }

    /// Looks whether the request brought the token of its client, in the header or in the form. What `require_csrf = true` does for a
    /// view, besides [`check_csrf_origin`](Self::check_csrf_origin).
    ///
    /// # Errors
    /// 400, with [`BadCsrfToken`] as its cause, where it did not; and what looking for token or form fails with.
    pub async fn check_csrf_token(&self) -> Result<()> {
        let Csrf { options, cookie, .. } = &self.application().csrf;
        let brought = match options.header.as_ref().and_then(|name| self.headers().get(name)) {
            // Where it is there it counts, whatever the form says.
            Some(header) => Some(header.as_bytes().to_vec()),
            None => match &options.token {
                Some(field) => self.posted(field).await?.map(String::into_bytes),
                None => None,
            },
        };
        let Some(brought) = brought else { return Err(refused_token()) };
        let expected = match cookie {
            Some(cookie) => cookie.token(self),
            None => self.session().await?.csrf_token(),
        };
        let expected = expected.filter(|expected| !expected.is_empty());
        match expected {
            Some(expected) if bool::from(expected.as_bytes().ct_eq(&brought)) => Ok(()),
            _ => Err(refused_token()),
        }
    }

    /// Looks whether the request, where it came over https, comes from a page of this site or of a trusted one.
    ///
    /// # Errors
    /// 400, with [`BadCsrfOrigin`](crate::csrf::BadCsrfOrigin) as its cause, where it does not.
    pub fn check_csrf_origin(&self) -> Result<()> {
        let Csrf { options, trusted_origins, .. } = &self.application().csrf;
        options.check_origin_of(self, trusted_origins).map_err(|refused| {
            tracing::debug!(reason = refused.reason(), "a request from elsewhere is refused");
            HttpException::bad_request("the request does not come from a page of this site")
                .with_cause(refused)
                .into()
        })
    }

    /// The last value of a field of the form that was posted. The body stays to be read.
    async fn posted(&self, field: &str) -> Result<Option<String>> {
        let is_form = self.headers().contains_key(CONTENT_TYPE)
            && matches!(&*self.content_type(), "application/x-www-form-urlencoded" | "multipart/form-data");
        if !is_form {
            return Ok(None);
        }
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(self).await?;
        Ok(pairs.into_iter().rev().find(|(name, _)| name == field).map(|(_, value)| value))
    }

    /// Whether the request may change something, and nobody has excepted it.
    pub(crate) fn needs_csrf_check(&self) -> bool {
        self.application().csrf.options.concern(self)
    }

    /// Looks where the request comes from, and what it brings.
    pub(crate) async fn check_csrf(&self) -> Result<()> {
        if self.application().csrf.options.check_origin {
            self.check_csrf_origin()?;
        }
        self.check_csrf_token().await
    }
}

fn refused_token() -> Error {
    HttpException::bad_request("the CSRF token is missing or wrong: load the page again")
        .with_cause(BadCsrfToken)
        .into()
}
