//! What a view may return.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use crate::app::http_exception::HttpException;
use crate::app::response::Response;
use crate::error::{Error, Result};
use crate::protocol::body::Body;

/// An answer: what a view may return without a renderer.
///
/// | type | response |
/// |---|---|
/// | [`Response`], `http::Response<_>` | itself |
/// | `&'static str`, `String` | text/plain |
/// | `Bytes`, `Vec<u8>` | application/octet-stream |
/// | [`Json<T>`](crate::Json) | application/json |
/// | `()` | 204 |
/// | [`StatusCode`] | that status without a body |
/// | `(StatusCode, T)`, `(HeaderMap, T)` | `T` with that status, with these headers in addition |
/// | `Option<T>` | `T`, or 404 |
/// | `Result<T, E>` | `T`, or whatever answers the error; `E` keeps its type |
/// | [`HttpException`] | raises it |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the answer of a view",
    label = "not a response",
    note = "return a `Response`, a `String`, `Json<T>`, or a `Result` of these",
    note = "or name a renderer for it: `renderer = \"json\"`",
    note = "or implement `IntoResponse` for a type of your own"
)]
// The compiler lists what implements the trait; those that are rarely meant are kept out of that list.
pub trait IntoResponse {
    /// Makes the response.
    ///
    /// # Errors
    /// What the view failed with, or a failure to make the response of it.
    fn into_response(self) -> Result<Response>;
}

/// What a view may fail with: whatever an [`Error`] can be made of, as `?` does.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a view",
    label = "what fails with this cannot be answered",
    note = "implement `std::error::Error` for it, or `From<{Self}>` for `aiopyramid::Error`",
    note = "or return `aiopyramid::Result`, and use `?` on what may fail"
)]
pub trait IntoError {
    /// Keeps the error whole.
    fn into_error(self) -> Error;
}

#[diagnostic::do_not_recommend]
impl<E: Into<Error>> IntoError for E {
    fn into_error(self) -> Error {
        self.into()
    }
}

impl IntoResponse for Response {
    fn into_response(self) -> Result<Response> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: Into<Body>> IntoResponse for http::Response<B> {
    fn into_response(self) -> Result<Response> {
        Ok(self.into())
    }
}

impl IntoResponse for &'static str {
    fn into_response(self) -> Result<Response> {
        Ok(Response::text(self))
    }
}

impl IntoResponse for String {
    fn into_response(self) -> Result<Response> {
        Ok(Response::text(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoResponse for Cow<'static, str> {
    fn into_response(self) -> Result<Response> {
        match self {
            Cow::Borrowed(text) => text.into_response(),
            Cow::Owned(text) => text.into_response(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl IntoResponse for Bytes {
    fn into_response(self) -> Result<Response> {
        Ok(Response::with_type("application/octet-stream", self))
    }
}

impl IntoResponse for Vec<u8> {
    fn into_response(self) -> Result<Response> {
        Ok(Response::with_type("application/octet-stream", self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoResponse for Body {
    fn into_response(self) -> Result<Response> {
        Ok(Response::new(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoResponse for () {
    fn into_response(self) -> Result<Response> {
        Ok(Response::no_content())
    }
}

impl IntoResponse for StatusCode {
    fn into_response(self) -> Result<Response> {
        Ok(Response::default().with_status(self))
    }
}

impl<T: IntoResponse> IntoResponse for (StatusCode, T) {
    fn into_response(self) -> Result<Response> {
        Ok(self.1.into_response()?.with_status(self.0))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> IntoResponse for (HeaderMap, T) {
    /// A `Content-Type` among the headers replaces that of the answer; everything else is added to it.
    fn into_response(self) -> Result<Response> {
        let (mut added, answer) = self;
        let mut response = answer.into_response()?;
        if let Some(media_type) = added.remove(CONTENT_TYPE) {
            response.headers_mut().insert(CONTENT_TYPE, media_type);
        }
        let mut last = None;
        for (name, value) in added {
            last = name.or(last);
            if let Some(name) = &last {
                response.headers_mut().append(name, value);
            }
        }
        Ok(response)
    }
}

impl<T: IntoResponse> IntoResponse for Option<T> {
    fn into_response(self) -> Result<Response> {
        self.map_or_else(|| Err(HttpException::not_found().into()), IntoResponse::into_response)
    }
}

impl<T: IntoResponse, E: IntoError> IntoResponse for Result<T, E> {
    fn into_response(self) -> Result<Response> {
        self.map_err(E::into_error)?.into_response()
    }
}

#[diagnostic::do_not_recommend]
impl IntoResponse for HttpException {
    fn into_response(self) -> Result<Response> {
        Err(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl IntoResponse for std::convert::Infallible {
    fn into_response(self) -> Result<Response> {
        match self {}
    }
}
