//! A request that is put together, and what came of it.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::client::Client;
use crate::app::response::Response;
use crate::protocol::body::Body;

/// A request that is being put together; awaiting it sends it, and panics where the body of the response breaks off.
#[must_use = "a request is sent when it is awaited"]
#[derive(Debug)]
pub struct Pending {
    client: Client,
    request: Request<Body>,
}

impl Pending {
    pub(super) fn new(client: Client, method: Method, target: &str) -> Self {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() =
            target.parse().unwrap_or_else(|error| panic!("`{target}` is no target: {error}"));
        request.headers_mut().insert(HOST, HeaderValue::from_static("example.com"));
        Self { client, request }
    }

    /// Sets a header.
    ///
    /// # Panics
    /// Where the name or the value cannot stand in a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        set_header(self.request.headers_mut(), name, value);
        self
    }

    /// Says what type of answer is wanted.
    pub fn accept(self, media_type: &str) -> Self {
        self.header(ACCEPT.as_str(), media_type)
    }

    /// Sends these bytes.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    /// Sends a value as JSON.
    ///
    /// # Panics
    /// Where serde cannot make JSON of it.
    pub fn json(self, value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).unwrap_or_else(|error| panic!("no JSON: {error}"));
        self.header(CONTENT_TYPE.as_str(), "application/json").body(body)
    }

    /// Sends a value as a form does.
    ///
    /// # Panics
    /// Where it is no struct or map of plain values.
    pub fn form(self, value: &impl Serialize) -> Self {
        let body = serde_html_form::to_string(value).unwrap_or_else(|error| panic!("no form: {error}"));
        self.header(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded").body(body)
    }
}

/// Sets a header of a request that is being put together.
pub(super) fn set_header(headers: &mut HeaderMap, name: &str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes()).unwrap_or_else(|_| panic!("`{name}` is no header"));
    let value = HeaderValue::from_str(value).unwrap_or_else(|_| panic!("`{value}` cannot stand in a header"));
    headers.insert(name, value);
}

impl IntoFuture for Pending {
    type Output = TestResponse;
    type IntoFuture = Pin<Box<dyn Future<Output = TestResponse> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.client.exchange(self.request).await })
    }
}

/// What came of a request, with the whole body.
pub struct TestResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl TestResponse {
    pub(super) async fn of(response: Response) -> Self {
        let (head, body) = response.into_http().into_parts();
        let body =
            body.collect().await.unwrap_or_else(|error| panic!("the body broke off: {error}")).to_bytes();
        Self { status: head.status, headers: head.headers, body }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The header `name`; the empty text where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The body.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body as text.
    ///
    /// # Panics
    /// Where it is not UTF-8.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text in UTF-8")
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none, or no `T`.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => {
                panic!("the body is not as expected: {error}: {}", String::from_utf8_lossy(&self.body))
            }
        }
    }
}

impl fmt::Debug for TestResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}
