//! A `tower::Layer` as a tween.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as HttpBody;
use tower_layer::Layer;
use tower_service::Service;

use super::chain::Tween;
use super::next::Next;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::{View, ViewFuture};
use crate::error::{Error, Result};
use crate::protocol::body::Body;

type BoxError = Box<dyn StdError + Send + Sync>;

/// A `tower::Layer` as a tween: its service sees requests and responses as the `http` crate has them. With the feature `tower`,
/// which is on by default.
///
/// The layer is put around what is inside once, when the application is made; its service is cloned for each request. What it
/// changes of the head, the body and the extensions of a request is what those inside see; what else the request knows
/// stays. An error that it lets through keeps its type.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::tween::LayerTween;
/// use tower_http::set_header::SetResponseHeaderLayer;
/// use http::{HeaderValue, header::X_CONTENT_TYPE_OPTIONS};
///
/// let layer = SetResponseHeaderLayer::overriding(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
/// let mut config = Configurator::new();
/// config.add_tween(LayerTween::new(layer)).name("nosniff");
/// # config.make_app()?;
/// # Ok::<(), aiopyramid::Error>(())
/// ```
///
/// In [`Chain`](super::Chain) and in [`around`](Tween::around) the layer is used once; [`call`](Tween::call) by itself uses it for
/// every call.
pub struct LayerTween<L, B = Body> {
    layer: L,
    // What bodies the layer's responses have: no value of it is kept.
    body: PhantomData<fn() -> B>,
}

impl<L, B> LayerTween<L, B> {
    /// Of a layer.
    pub fn new(layer: L) -> Self
    where
        L: Layer<InnerService>,
        L::Service: Service<http::Request<Body>, Response = http::Response<B>>,
    {
        Self { layer, body: PhantomData }
    }
}

impl<L, B> fmt::Debug for LayerTween<L, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LayerTween of {}", std::any::type_name::<L>())
    }
}

impl<L, B> Tween for LayerTween<L, B>
where
    L: Layer<InnerService> + Send + Sync + 'static,
    L::Service: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
    <L::Service as Service<http::Request<Body>>>::Error: Into<BoxError>,
    <L::Service as Service<http::Request<Body>>>::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn call(&self, request: Request, next: Next) -> ViewFuture {
        serve(self.layer.layer(InnerService { next }), request)
    }

    fn around(self: Arc<Self>, next: Next) -> View {
        let service = self.layer.layer(InnerService { next });
        View::new(move |request| serve(service.clone(), request))
    }
}

fn serve<S, B>(mut service: S, request: Request) -> ViewFuture
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    Box::pin(async move {
        let mut outside = request.to_http();
        outside.extensions_mut().insert(Outside(request));
        poll_fn(|cx| service.poll_ready(cx)).await.map_err(kept)?;
        let response = service.call(outside).await.map_err(kept)?;
        Ok(response.map(Body::new).into())
    })
}

fn kept(error: impl Into<BoxError>) -> Error {
    Error::boxed(error.into())
}

/// The request as it was outside of the layer.
#[derive(Clone)]
struct Outside(Request);

/// What is inside of a [`LayerTween`], as a `tower::Service`.
#[derive(Debug, Clone)]
pub struct InnerService {
    next: Next,
}

impl Service<http::Request<Body>> for InnerService {
    type Response = http::Response<Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let next = self.next.clone();
        Box::pin(async move {
            // A layer that makes a request of its own has lost what only the application knows.
            let Some(Outside(outside)) = request.extensions_mut().remove() else {
                return Err(Error::msg("a layer has replaced the request and its extensions by others"));
            };
            let within = outside.with_http(request)?;
            let mut inside = Inside { request: Some(within.clone()), outside, answered: false };
            let answer = next.run(within).await;
            inside.answered = true;
            answer.map(Response::into_http)
        })
    }
}

/// The request as it is inside of a layer, which is another one for those who have it, but the same one for the client.
struct Inside {
    /// `None` only while it is dropped.
    request: Option<Request>,
    outside: Request,
    answered: bool,
}

impl Drop for Inside {
    fn drop(&mut self) {
        let Some(request) = self.request.take() else { return };
        // What was attached to it inside is there outside, however it ended.
        self.outside.take_extensions(&request);
        if !self.answered {
            request.cancel();
        }
        request.let_go();
    }
}
