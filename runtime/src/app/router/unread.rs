//! What becomes of a request's body that nobody has read.
//!
//! On HTTP/1.1 the next request comes after it on the same connection, so it has to be read before that can be. What is short
//! is read, and the connection lives on; what is long, or may never come because the client waits to be asked for it, costs the
//! connection, and the response says so (RFC 9112 section 9.3).

use std::pin::Pin;

use http::header::{CONNECTION, EXPECT};
use http::{HeaderValue, Version};
use http_body_util::BodyExt;

use crate::app::request::Request;
use crate::app::response::Response;

/// Reads a body to its end.
pub(super) type Draining = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is read for the sake of the connection, in bytes at most.
const SHORT: u64 = 64 * 1024;

/// Deals with the body of a request that is answered with `response`: gives what is to be waited for before it is sent, if
/// anything.
pub(super) fn dealt_with(request: &Request, response: &mut Response) -> Option<Draining> {
    let mut body = request.unread_body()?;
    if request.version() >= Version::HTTP_2 {
        return None;
    }
    let short = request.announced_length().is_some_and(|length| length <= SHORT);
    if !short || request.headers().contains_key(EXPECT) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        return None;
    }
    // How slowly it may come, the server has rules for.
    Some(Box::pin(async move { while let Some(Ok(_)) = body.frame().await {} }))
}
