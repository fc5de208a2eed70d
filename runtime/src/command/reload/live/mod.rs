//! What stands around an application while it is written, outside of all tweens: a script in each page, events for it, and a page
//! of what is wrong in place of the page that was asked for.
//!
//! Only what a browser shows as a page is touched. Everybody else is answered as ever.

mod events;
mod injection;
mod navigation;
mod nobody;
mod page;

use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::Service;
use tokio::sync::{Semaphore, watch};

use super::state::State;
use crate::protocol::body::Body;
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::url;
use crate::server::{MakeConnectionService, ServerHandle};

pub(super) use nobody::Nobody;

/// Paths that no application has.
const EVENTS: &str = "/_aiopyramid/reload";
const SCRIPT: &str = "/_aiopyramid/reload.js";

/// The most pages that are open and hear of changes. One more asks again later.
const PAGES: usize = 256;

/// A service while it is written.
#[derive(Debug, Clone)]
pub(in crate::command) struct Live<M> {
    inner: M,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: watch::Receiver<Arc<State>>,
    handle: ServerHandle,
    pages: Arc<Semaphore>,
    /// Whether there is something to show besides a problem.
    serves: bool,
}

impl<M> Live<M> {
    /// `inner` serves; or, where nothing does, answers with the problem.
    pub(in crate::command::reload) fn new(
        inner: M,
        serves: bool,
        state: watch::Receiver<Arc<State>>,
        handle: ServerHandle,
    ) -> Self {
        let pages = Arc::new(Semaphore::new(PAGES));
        Self { inner, shared: Arc::new(Shared { state, handle, pages, serves }) }
    }
}

impl<M: MakeConnectionService> MakeConnectionService for Live<M> {
    type Service = Connected<M::Service>;
    type Body = Body;

    fn connect(&self, connection: Arc<ConnectionInfo>) -> Self::Service {
        let inner = self.inner.connect(Arc::clone(&connection));
        Connected { inner, connection, shared: Arc::clone(&self.shared) }
    }

    fn settled(&self) -> impl Future<Output = ()> + Send {
        self.inner.settled()
    }
}

/// The same on one connection.
#[derive(Debug)]
pub(in crate::command) struct Connected<S> {
    inner: S,
    connection: Arc<ConnectionInfo>,
    shared: Arc<Shared>,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<S, B> Service<Request<Incoming>> for Connected<S>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, mut request: Request<Incoming>) -> Answer {
        let state = Arc::clone(&self.shared.state.borrow());
        match request.uri().path() {
            EVENTS => return ready(self.events(&request)),
            SCRIPT => return ready(script()),
            _ => {}
        }
        if !navigation::is_of_page(&request) {
            let is_part = navigation::is_part_of_page(&request);
            let answer = self.inner.call(request);
            return Box::pin(async move {
                let mut response = answer.await?.map(Body::new);
                if is_part {
                    navigation::ask_again(&mut response);
                }
                Ok(response)
            });
        }
        let prefix = self.prefix(&request);
        if let Some(problem) = &state.problem
            && !(self.shared.serves && page::is_dismissed(&request, &state.version))
        {
            return ready(page::of_problem(problem, &state.version, &prefix, self.shared.serves));
        }
        navigation::ask_whole(&mut request);
        let is_document = navigation::is_document(&request);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let mut response = answer.await?.map(Body::new);
            let source = format!("{prefix}{SCRIPT}?version={}", state.version);
            injection::inject(&mut response, &source, is_document);
            Ok(response)
        })
    }
}

impl<S> Connected<S> {
    fn events(&self, request: &Request<Incoming>) -> Response<Body> {
        let Ok(place) = Arc::clone(&self.shared.pages).try_acquire_owned() else {
            return with_type(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "too many pages are open");
        };
        let body = events::stream(request, self.shared.state.clone(), self.shared.handle.clone(), place);
        with_type(StatusCode::OK, "text/event-stream", body)
    }

    /// What a server in front takes off the paths, as it stands in URLs.
    fn prefix(&self, request: &Request<Incoming>) -> String {
        let own =
            if self.connection.forwarded { request.extensions().get::<Arc<ConnectionInfo>>() } else { None };
        let mut prefix = String::new();
        url::push_path(&mut prefix, &own.unwrap_or(&self.connection).script_name);
        prefix
    }
}

fn script() -> Response<Body> {
    with_type(StatusCode::OK, "text/javascript; charset=UTF-8", include_str!("client.js"))
}

fn ready(response: Response<Body>) -> Answer {
    Box::pin(std::future::ready(Ok(response)))
}

/// An answer that is good for now only.
fn with_type(status: StatusCode, media_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
