//! From a request to its response: route, view, answer; and what becomes of errors and panics on the way.

mod answer;
mod call;
mod composed;
mod created;
mod debug_page;
mod declined;
mod exceptions;
mod inspection;
mod lookup;
mod recorded;
mod report;
mod running;
mod spans;
mod stock;
#[cfg(feature = "tower")]
mod tower;
mod unread;

use std::any::Any;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::request::Parts;
use hyper::body::Incoming;

use crate::app::application::Application;
use crate::app::event::{NewRequest, NewResponse};
use crate::app::http_exception::HttpException;
use crate::app::request::{Request, Surroundings};
use crate::app::tween::Chain;
use crate::app::view::View;
use crate::protocol::body::Body;
use crate::protocol::body_pace::BodyPace;
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::pattern::Match;
use crate::protocol::url;
use crate::server::MakeConnectionService;

pub use answer::Answer;
pub use created::ApplicationCreated;
pub(crate) use inspection::Inspection;

use exceptions::ExceptionTween;

/// A finished application: answers requests. Cheap to clone; a clone is the same application.
///
/// It can be [served](crate::server::Server::run), [tested](crate::testing::Client) without a port, or called.
#[derive(Clone)]
pub struct App(Arc<Application>);

impl App {
    pub(crate) fn new(mut application: Application) -> Self {
        let tweens: Vec<_> = application.tweens.iter().map(|tween| tween.tween().cloned()).collect();
        // The tween for exceptions alone is what is done without tweens too.
        application.handler = (!matches!(&tweens[..], [None])).then(|| {
            let tweens = tweens.into_iter().map(|tween| tween.unwrap_or_else(|| Arc::new(ExceptionTween)));
            Chain::new(tweens).around(View::new(lookup::answer))
        });
        let subscribers = &application.subscribers;
        application.composed = application.handler.is_some()
            || subscribers.want::<NewRequest>()
            || subscribers.want::<NewResponse>()
            || application.routes.iter().any(|route| !route.predicates.is_empty());
        for route in &mut application.routes {
            route.plain = route.views.plain().is_some() && !route.walks && !route.use_global_views;
        }
        Self(Arc::new(application))
    }

    /// The tables behind it.
    pub fn application(&self) -> &Application {
        &self.0
    }

    /// Answers one request that came by `connection`.
    pub fn answer(&self, request: http::Request<Body>, connection: &Arc<ConnectionInfo>) -> Answer {
        let (head, body) = request.into_parts();
        self.answer_to(head, body, connection)
    }

    #[inline]
    fn answer_to(&self, mut head: Parts, body: Body, connection: &Arc<ConnectionInfo>) -> Answer {
        match spans::begin(&mut head) {
            None => self.answer_inside(head, body, connection),
            Some(span) => {
                let answer = span.in_scope(|| self.answer_inside(head, body, connection));
                Answer::traced(answer, span)
            }
        }
    }

    fn answer_inside(&self, head: Parts, body: Body, connection: &Arc<ConnectionInfo>) -> Answer {
        let application = &*self.0;
        let Ok(path) = url::decode_path(head.uri.path()) else {
            let accept = head.headers.get(http::header::ACCEPT);
            return Answer::ready(HttpException::bad_request("the path is not text in UTF-8").render(accept));
        };
        // Where there is more to it, the route is looked for when that is done.
        let found = if application.composed { None } else { application.table.find(&path, |_, _| true) };
        let decoded_path = match path {
            std::borrow::Cow::Borrowed(_) => None,
            std::borrow::Cow::Owned(text) => Some(text.into_boxed_str()),
        };
        let route = found.as_ref().map(|(route, _)| *route);
        let matched = found.and_then(|(route, values)| {
            let matcher = application.routes[route].matcher.as_ref()?;
            Some(Match::new(Arc::clone(matcher), route, values))
        });
        let request = Request::new(
            head,
            body,
            Surroundings {
                decoded_path,
                matched,
                connection: Arc::clone(connection),
                limits: application.limits,
                application: Arc::clone(&self.0) as Arc<dyn Any + Send + Sync>,
            },
        );
        if let Some(route) = route {
            recorded::route(&request, application, route);
        }
        if let Some(route) = route
            && application.routes[route].plain
            && let Some(views) = application.routes[route].views.plain()
        {
            return Answer::of(request, views, route);
        }
        if route.is_none() && !application.composed && application.views.is_empty() {
            return Answer::nothing(request);
        }
        Answer::composed(request)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("App").field(&self.0).finish()
    }
}

/// The application as the server sees it, on one connection.
#[derive(Debug, Clone)]
pub struct ConnectedApp {
    app: App,
    connection: Arc<ConnectionInfo>,
}

impl MakeConnectionService for App {
    type Service = ConnectedApp;
    type Body = Body;

    fn connect(&self, connection: Arc<ConnectionInfo>) -> ConnectedApp {
        ConnectedApp { app: self.clone(), connection }
    }

    fn settled(&self) -> impl Future<Output = ()> + Send {
        let detached = self.0.detached.clone();
        detached.close();
        async move { detached.wait().await }
    }
}

impl hyper::service::Service<http::Request<Incoming>> for ConnectedApp {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = AnswerHttp;

    fn call(&self, request: http::Request<Incoming>) -> AnswerHttp {
        let (mut head, body) = request.into_parts();
        let body = match head.extensions.remove::<Arc<BodyPace>>() {
            Some(pace) => Body::paced(body, pace),
            None => body.into(),
        };
        if self.connection.forwarded
            && let Some(connection) = head.extensions.remove::<Arc<ConnectionInfo>>()
        {
            // A server in front has said who its client is.
            return AnswerHttp(self.app.answer_to(head, body, &connection));
        }
        AnswerHttp(self.app.answer_to(head, body, &self.connection))
    }
}

/// An [`Answer`] in the words of the `http` crate.
#[derive(Debug)]
pub struct AnswerHttp(Answer);

impl Future for AnswerHttp {
    type Output = Result<http::Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_finished(cx, |response| Ok(response.into_http()))
    }
}
