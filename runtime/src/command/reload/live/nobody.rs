//! What stands where no worker serves.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::Service;
use tokio::sync::watch;

use crate::command::reload::state::State;
use crate::protocol::body::Body;
use crate::protocol::connection_info::ConnectionInfo;
use crate::server::MakeConnectionService;

/// Answers every request with what is wrong, as text.
#[derive(Debug, Clone)]
pub(in crate::command::reload) struct Nobody(watch::Receiver<Arc<State>>);

impl Nobody {
    pub(in crate::command::reload) const fn new(state: watch::Receiver<Arc<State>>) -> Self {
        Self(state)
    }
}

impl MakeConnectionService for Nobody {
    type Service = Self;
    type Body = Body;

    fn connect(&self, _: Arc<ConnectionInfo>) -> Self {
        self.clone()
    }
}

impl Service<Request<Incoming>> for Nobody {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn call(&self, _: Request<Incoming>) -> Self::Future {
        let state = self.0.borrow();
        let text = match &state.problem {
            Some(problem) => format!("{}\n\n{}\n", problem.title, problem.text),
            None => "The program is about to start\n".to_owned(),
        };
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        for (name, value) in
            [(CONTENT_TYPE, "text/plain; charset=UTF-8"), (CACHE_CONTROL, "no-store"), (RETRY_AFTER, "1")]
        {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        ready(Ok(response))
    }
}
