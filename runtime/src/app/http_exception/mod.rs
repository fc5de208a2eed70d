//! Answers that are raised: 404, 403, redirects and their like, as values of an error type.
//!
//! Pyramid's `pyramid.httpexceptions`. A view returns `Err(HttpException::not_found())?` from any depth; what answers it
//! is an exception view, or else [`HttpException::render`]: a page in the type that the client prefers.

mod page;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use http::header::{ALLOW, CONTENT_RANGE, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::app::response::Response;
use crate::error::{Error, Result};
use crate::protocol::markup::escaped;
use crate::protocol::negotiation::{self, PageType};

/// An answer with a status of its own, raised as an error.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// fn shelf(number: u32) -> Result<&'static str> {
///     match number {
///         1 => Ok("poetry"),
///         _ => Err(HttpException::not_found().with_detail("there is one shelf"))?,
///     }
/// }
/// # assert!(shelf(2).is_err());
/// ```
#[derive(Debug, Clone)]
pub struct HttpException {
    status: StatusCode,
    detail: Cow<'static, str>,
    headers: HeaderMap,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

impl HttpException {
    /// Of any status.
    pub fn new(status: StatusCode) -> Self {
        Self { status, detail: Cow::Borrowed(""), headers: HeaderMap::new(), cause: None }
    }

    /// 400: the request itself is wrong; `detail` says in what.
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST).with_detail(detail)
    }

    /// 401: the client has to say who it is, in the way that `challenge` (a `WWW-Authenticate` value) names.
    ///
    /// # Errors
    /// Where `challenge` has characters that a header cannot carry.
    pub fn unauthorized(challenge: &str) -> Result<Self> {
        Ok(Self::new(StatusCode::UNAUTHORIZED)
            .with_header(http::header::WWW_AUTHENTICATE, HeaderValue::from_str(challenge)?))
    }

    /// 403: this client may not.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN)
    }

    /// 404: nothing is here.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND)
    }

    /// 405: something is here, but not for this method; `allow` lists the methods that there are (RFC 9110 section 15.5.6).
    pub fn method_not_allowed(allow: HeaderValue) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED).with_header(ALLOW, allow)
    }

    /// 406: what is here cannot be had in any form that the client accepts.
    pub fn not_acceptable() -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE)
    }

    /// 409: the request does not fit the state of what it acts on.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT).with_detail(detail)
    }

    /// 410: something was here, and will not come back.
    pub fn gone() -> Self {
        Self::new(StatusCode::GONE)
    }

    /// 412: what is here is not in the state that the request is made for (`If-Match` and its like).
    pub fn precondition_failed() -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED)
    }

    /// 413: the body is larger than `limit` bytes.
    pub fn payload_too_large(limit: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE)
            .with_detail(format!("the body may have {limit} bytes at most"))
    }

    /// 415: the body is not of the type that is understood here.
    pub fn unsupported_media_type(expected: &str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .with_detail(format!("expected a body of type {expected}"))
    }

    /// 416: no part of the range is there, of something that has `length` bytes.
    pub fn range_not_satisfiable(length: u64) -> Self {
        // Digits and a slash, so it can stand in a header.
        let range = HeaderValue::try_from(format!("bytes */{length}"));
        let exception = Self::new(StatusCode::RANGE_NOT_SATISFIABLE);
        range.map_or(exception.clone(), |range| exception.with_header(CONTENT_RANGE, range))
    }

    /// 422: the request can be read, but what it says cannot be done; `detail` says why. Pyramid's `HTTPUnprocessableEntity`.
    pub fn unprocessable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY).with_detail(detail)
    }

    /// 428: the request has to say which state it is made for, so that nobody's change is lost.
    pub fn precondition_required() -> Self {
        Self::new(StatusCode::PRECONDITION_REQUIRED)
    }

    /// 429: this client asks too often, and may again in `retry_after` seconds.
    pub fn too_many_requests(retry_after: u32) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS).with_header(RETRY_AFTER, retry_after.into())
    }

    /// 500: the fault is ours.
    pub fn internal_server_error() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// 501: nobody here can do that yet.
    pub fn not_implemented() -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED)
    }

    /// 502: a server that was asked to answer this one said something that cannot be used.
    pub fn bad_gateway() -> Self {
        Self::new(StatusCode::BAD_GATEWAY)
    }

    /// 503: not now, but again in `retry_after` seconds.
    pub fn service_unavailable(retry_after: u32) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE).with_header(RETRY_AFTER, retry_after.into())
    }

    /// 504: a server that was asked to answer this one did not do so in time.
    pub fn gateway_timeout() -> Self {
        Self::new(StatusCode::GATEWAY_TIMEOUT)
    }

    /// A redirect: 301, 302, 303, 307 or 308 to `location`.
    ///
    /// # Errors
    /// Where `location` has characters that a header cannot carry.
    pub fn redirect(status: StatusCode, location: &str) -> Result<Self> {
        Ok(Self::new(status).with_header(LOCATION, HeaderValue::from_str(location)?).with_detail(format!(
            "The resource was found at {location}; you should be redirected automatically."
        )))
    }

    /// 301: it is at `location` now and for ever; clients remember that. What was POST may become GET.
    ///
    /// # Errors
    /// Where `location` has characters that a header cannot carry.
    pub fn moved_permanently(location: &str) -> Result<Self> {
        Self::redirect(StatusCode::MOVED_PERMANENTLY, location)
    }

    /// 307: it is at `location` for now, to be asked for with the same method and body.
    ///
    /// # Errors
    /// Where `location` has characters that a header cannot carry.
    pub fn temporary_redirect(location: &str) -> Result<Self> {
        Self::redirect(StatusCode::TEMPORARY_REDIRECT, location)
    }

    /// 308: it is at `location` now and for ever, to be asked for with the same method and body.
    ///
    /// # Errors
    /// Where `location` has characters that a header cannot carry.
    pub fn permanent_redirect(location: &str) -> Result<Self> {
        Self::redirect(StatusCode::PERMANENT_REDIRECT, location)
    }

    /// 302, Pyramid's `HTTPFound`.
    ///
    /// # Errors
    /// Where `location` has characters that a header cannot carry.
    pub fn found(location: &str) -> Result<Self> {
        Self::redirect(StatusCode::FOUND, location)
    }

    /// 303: look at `location` with GET, what a form that was accepted answers.
    ///
    /// # Errors
    /// Where `location` has characters that a header cannot carry.
    pub fn see_other(location: &str) -> Result<Self> {
        Self::redirect(StatusCode::SEE_OTHER, location)
    }

    /// The same with a sentence for the client. It is shown as it is: nothing of the inside belongs into it.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// The same with these headers in addition: what [`remember`](crate::Request::remember) and [`forget`](crate::Request::forget)
    /// give.
    #[must_use]
    pub fn with_headers(mut self, headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Self {
        self.headers.extend(headers);
        self
    }

    /// The same with what it was raised for. An exception view for that type answers it, before one for `HttpException` does; the
    /// client is told nothing of it.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// #[derive(Debug)]
    /// struct ShelfIsFull;
    ///
    /// impl std::fmt::Display for ShelfIsFull {
    ///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    ///         f.write_str("the shelf is full")
    ///     }
    /// }
    ///
    /// impl std::error::Error for ShelfIsFull {}
    ///
    /// #[view_config(route = "/shelf", request_method = "POST")]
    /// async fn put() -> Result<&'static str> {
    ///     Err(HttpException::conflict("there is no room").with_cause(ShelfIsFull))?
    /// }
    ///
    /// #[exception_view_config]
    /// async fn full(_full: &ShelfIsFull) -> &'static str {
    ///     "Please take a book away first."
    /// }
    /// ```
    #[must_use]
    pub fn with_cause(mut self, cause: impl StdError + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// What it was raised for, where that is an `E`.
    pub fn cause<E: StdError + 'static>(&self) -> Option<&E> {
        self.cause.as_deref()?.downcast_ref()
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The sentence for the client; empty where none was given.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The headers that the answer will carry.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The default answer: a page in HTML, JSON or plain text, whichever `accept` (the request's `Accept`) prefers.
    ///
    /// As in Pyramid, a client that says nothing gets plain text.
    pub fn render(&self, accept: Option<&HeaderValue>) -> Response {
        let mut response = if matches!(self.status.as_u16(), 100..=199 | 204 | 205 | 304) {
            Response::default()
        } else {
            match negotiation::page_type(accept) {
                PageType::Html => Response::html(self.html()),
                PageType::Json => Response::with_type("application/json", self.json()),
                PageType::Text => Response::text(self.text()),
            }
        };
        response.set_status(self.status);
        for (name, value) in &self.headers {
            if name != CONTENT_TYPE {
                response.headers_mut().append(name, value.clone());
            }
        }
        response
    }
}

impl fmt::Display for HttpException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.title())?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

impl StdError for HttpException {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause: &(dyn StdError + 'static) = self.cause.as_deref()?;
        Some(cause)
    }
}

/// What to answer an error with: the exception that it is, or else 500.
pub(crate) fn answer_to(error: &Error) -> Cow<'_, HttpException> {
    match error.downcast_ref::<HttpException>() {
        Some(exception) => Cow::Borrowed(exception),
        None => Cow::Owned(HttpException::internal_server_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(exception: &HttpException, accept: &str) -> (String, String) {
        let response = exception.render(Some(&HeaderValue::from_str(accept).unwrap()));
        let media_type = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
        let body = String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap();
        (media_type, body)
    }

    #[test]
    fn the_page_is_of_the_type_that_the_client_prefers() {
        let gone = HttpException::not_found();
        assert_eq!(rendered(&gone, "text/html").0, "text/html; charset=UTF-8");
        assert_eq!(rendered(&gone, "application/json").0, "application/json");
        assert_eq!(rendered(&gone, "image/png").0, "text/plain; charset=UTF-8");
        assert!(gone.render(None).body().as_bytes().unwrap().starts_with(b"404 Not Found\n"));
    }

    #[test]
    fn the_detail_is_escaped_in_html_and_quoted_in_json() {
        let bad = HttpException::bad_request("<script>\"&'");
        assert!(rendered(&bad, "text/html").1.contains("&lt;script&gt;&quot;&amp;&#39;"));
        let json: serde_json::Value = serde_json::from_str(&rendered(&bad, "application/json").1).unwrap();
        assert_eq!(json["message"], "<script>\"&'");
        assert_eq!(json["code"], "400 Bad Request");
    }

    #[test]
    fn every_error_that_has_a_name_is_explained() {
        for code in (400..=599).filter_map(|code| StatusCode::from_u16(code).ok()) {
            // Those of WebDAV and of experiments are left to whoever raises them.
            let named = code.canonical_reason().is_some() && !matches!(code.as_u16(), 506 | 508 | 510);
            assert_eq!(!HttpException::new(code).explanation().is_empty(), named, "{code}");
        }
    }

    #[test]
    fn what_a_status_must_say_is_in_its_headers() {
        let header = |exception: HttpException, name: &str| {
            let value = exception.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            (exception.status().as_u16(), value.unwrap_or_default())
        };
        assert_eq!(header(HttpException::too_many_requests(9), "retry-after"), (429, "9".into()));
        assert_eq!(
            header(HttpException::range_not_satisfiable(7), "content-range"),
            (416, "bytes */7".into())
        );
        for (made, status) in [
            (HttpException::moved_permanently("/x"), 301),
            (HttpException::temporary_redirect("/x"), 307),
            (HttpException::permanent_redirect("/x"), 308),
        ] {
            assert_eq!(header(made.unwrap(), "location"), (status, "/x".into()));
        }
        assert!(HttpException::permanent_redirect("/x\r\nset-cookie: a=b").is_err());
    }

    #[test]
    fn an_answer_without_a_body_has_no_type_either() {
        let unchanged = HttpException::new(StatusCode::NOT_MODIFIED).render(None);
        assert_eq!(unchanged.body().as_bytes(), Some(&[][..]));
        assert!(unchanged.headers().get(CONTENT_TYPE).is_none());
    }

    #[test]
    fn any_other_error_is_answered_with_500_that_says_nothing_of_it() {
        let error = Error::msg("the password is 1234");
        assert!(!answer_to(&error).render(None).body().as_bytes().unwrap().windows(4).any(|w| w == b"1234"));
    }
}
