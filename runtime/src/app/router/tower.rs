//! An application as a service of tower's.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as HttpBody;

use super::{AnswerHttp, App};
use crate::protocol::body::{Body, BodyError};
use crate::protocol::connection_info::ConnectionInfo;

/// An application can stand wherever a service of tower's can: behind its layers, or as a part of an axum `Router`.
///
/// Of the connection it knows what an extension of type `Arc<`[`ConnectionInfo`]`>` says, which another application of ours sets
/// that it is [mounted](crate::Configurator::mount) in; else nothing.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::{App, Body};
///
/// /// `axum::Router::new().fallback_service(app)` wants this, and so do tower's layers.
/// fn is_a_service(app: App) -> impl tower_service::Service<http::Request<Body>, Response = http::Response<Body>> {
///     app
/// }
/// # is_a_service(Configurator::new().make_app()?);
/// # Ok::<(), aiopyramid::Error>(())
/// ```
impl<B> tower_service::Service<http::Request<B>> for App
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = AnswerHttp;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> AnswerHttp {
        let (mut head, body) = request.into_parts();
        let connection = head.extensions.remove::<Arc<ConnectionInfo>>().unwrap_or_default();
        let body = if body.is_end_stream() { Body::empty() } else { Body::new(body) };
        AnswerHttp(self.answer_to(head, body, &connection))
    }
}
