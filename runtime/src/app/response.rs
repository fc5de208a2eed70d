//! The answer of a view.

use bytes::Bytes;
use cookie::Cookie;
use http::header::{CONTENT_TYPE, HeaderName, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::error::Result;
use crate::protocol::body::Body;
use crate::protocol::page_end;
use crate::protocol::spare_headers;

/// The answer of a view: status, headers and body.
///
/// ```
/// use aiopyramid::{Response, StatusCode};
///
/// let response = Response::text("made").with_status(StatusCode::CREATED).with_header("x-shelf", "7")?;
/// assert_eq!(response.status(), 201);
/// # Ok::<(), aiopyramid::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Response(http::Response<Body>);

impl Response {
    /// 200 with `body` and no `Content-Type`.
    pub fn new(body: impl Into<Body>) -> Self {
        Self(http::Response::new(body.into()))
    }

    /// 200 with `body` and the given media type.
    pub fn with_type(media_type: &'static str, body: impl Into<Body>) -> Self {
        Self::of_type(HeaderValue::from_static(media_type), body.into())
    }

    /// The same for a type that was made while the program was compiled: looking at each of its letters for every response
    /// would cost more than the rest of making one.
    #[inline]
    pub(crate) fn of_type(media_type: HeaderValue, body: Body) -> Self {
        let mut headers = spare_headers::take();
        headers.insert(CONTENT_TYPE, media_type);
        let mut response = http::Response::new(body);
        // Forgotten rather than dropped: the map that is there owns nothing yet, and finding that out costs more than taking it.
        std::mem::forget(std::mem::replace(response.headers_mut(), headers));
        Self(response)
    }

    /// 200 with plain text in UTF-8.
    pub fn text(text: impl Into<Body>) -> Self {
        Self::of_type(const { HeaderValue::from_static("text/plain; charset=UTF-8") }, text.into())
    }

    /// 200 with HTML in UTF-8.
    pub fn html(html: impl Into<Body>) -> Self {
        Self::of_type(const { HeaderValue::from_static("text/html; charset=UTF-8") }, html.into())
    }

    /// 200 with a JSON document.
    pub(crate) fn json(document: Vec<u8>) -> Self {
        Self::of_type(const { HeaderValue::from_static("application/json") }, document.into())
    }

    /// 204, which has no body.
    pub fn no_content() -> Self {
        Self::default().with_status(StatusCode::NO_CONTENT)
    }

    /// 303, which sends the client to `location` with GET: the answer to a form that was accepted.
    ///
    /// # Errors
    /// Where `location` has characters that a header cannot carry; a URL made by the framework never has.
    pub fn see_other(location: &str) -> Result<Self> {
        let mut response = Self::default().with_status(StatusCode::SEE_OTHER);
        response.headers_mut().insert(LOCATION, HeaderValue::from_str(location)?);
        Ok(response)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// Sets the status.
    pub fn set_status(&mut self, status: StatusCode) {
        *self.0.status_mut() = status;
    }

    /// The same response with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.set_status(status);
        self
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The headers, to be changed.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.0.headers_mut()
    }

    /// The same response with the header `name` set to `value`.
    ///
    /// # Errors
    /// Where the name or the value has characters that a header cannot carry (RFC 9110 section 5): this is what keeps a
    /// value that came from a user from adding headers of its own.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self> {
        self.headers_mut().insert(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(value)?);
        Ok(self)
    }

    /// Adds headers to those that are there: what [`remember`](crate::Request::remember) and
    /// [`forget`](crate::Request::forget) give.
    pub fn add_headers(&mut self, headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>) {
        self.headers_mut().extend(headers);
    }

    /// The same response with these headers in addition.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// #[view_config(route = "/logout", request_method = "POST")]
    /// async fn logout(request: &Request) -> Result<Response> {
    ///     Ok(Response::see_other("/")?.with_headers(request.forget().await?))
    /// }
    /// ```
    #[must_use]
    pub fn with_headers(mut self, headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Self {
        self.add_headers(headers);
        self
    }

    /// Adds a cookie to those that the response sets.
    ///
    /// A cookie says itself whether it is `HttpOnly`, `Secure` and `SameSite`; one that says nothing of them is sent
    /// `HttpOnly; SameSite=Lax`.
    ///
    /// # Errors
    /// Where the cookie has characters that a header cannot carry.
    pub fn set_cookie(&mut self, cookie: impl Into<Cookie<'static>>) -> Result<()> {
        let mut cookie = cookie.into();
        if cookie.http_only().is_none() {
            cookie.set_http_only(true);
        }
        if cookie.same_site().is_none() {
            cookie.set_same_site(cookie::SameSite::Lax);
        }
        self.add_cookie(&cookie)
    }

    /// Adds a cookie as it is.
    pub(crate) fn add_cookie(&mut self, cookie: &Cookie<'_>) -> Result<()> {
        self.headers_mut().append(SET_COOKIE, HeaderValue::from_str(&cookie.encoded().to_string())?);
        Ok(())
    }

    /// Makes the client forget the cookie `name` that was set for `path`.
    ///
    /// # Errors
    /// Where the name or the path has characters that a header cannot carry.
    pub fn delete_cookie(&mut self, name: &str, path: &str) -> Result<()> {
        let mut cookie = Cookie::build((name.to_owned(), "")).path(path.to_owned()).build();
        cookie.make_removal();
        self.set_cookie(cookie)
    }

    /// The body.
    pub fn body(&self) -> &Body {
        self.0.body()
    }

    /// Replaces the body.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        *self.0.body_mut() = body.into();
    }

    /// Puts `html` before the last `</body>` of the page that this is, also where that arrives in pieces; says whether it is a page.
    /// What is no HTML, packed, a file to be kept or a part of one is left alone. For what a tween adds to every page: a banner,
    /// a script. The page is not stored by anybody then, and has no `ETag` any more.
    ///
    /// ```
    /// use aiopyramid::Response;
    ///
    /// let mut response = Response::html("<body><p>Hello</body>");
    /// assert!(response.insert_before_body_end("<p>A test system!</p>"));
    /// assert_eq!(response.body().as_bytes(), Some(&b"<body><p>Hello<p>A test system!</p></body>"[..]));
    /// assert!(!Response::text("</body>").insert_before_body_end("<p>"));
    /// ```
    pub fn insert_before_body_end(&mut self, html: impl Into<Bytes>) -> bool {
        page_end::insert(&mut self.0, html, false)
    }

    /// As the `http` crate has it.
    pub fn into_http(self) -> http::Response<Body> {
        self.0
    }
}

impl<B: Into<Body>> From<http::Response<B>> for Response {
    fn from(response: http::Response<B>) -> Self {
        Self(response.map(Into::into))
    }
}
