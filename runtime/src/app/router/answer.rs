//! A response in the making.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::HeaderValue;
use http::header::ACCEPT;

use super::report;
use crate::app::application::{RegisteredView, RequestExt, Selection};
use crate::app::executor::{self, Panicked, Watchdog};
use crate::app::extract::Mismatch;
use crate::app::http_exception::{HttpException, answer_to};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::ViewFuture;
use crate::error::{Error, Result};

/// A response in the making: the future that [`App::answer`](super::App::answer) gives. It never fails: whatever goes wrong
/// becomes a response.
///
/// Dropping it before it is done gives the view up; [`Request::is_cancelled`] then says so.
pub struct Answer(State);

enum State {
    Ready(Option<Response>),
    Running(Running),
}

struct Running {
    future: ViewFuture,
    request: Request,
    /// The places of the route and, among its views, of the one that runs.
    route: usize,
    place: usize,
}

impl Answer {
    pub(super) fn ready(response: Response) -> Self {
        Self(State::Ready(Some(response)))
    }

    /// The answer of whichever view of the route fits the request.
    pub(super) fn of(request: Request, route: usize) -> Self {
        match start(request, route, 0) {
            Ok(running) => Self(State::Running(running)),
            Err(response) => Self::ready(response),
        }
    }
}

/// Calls the first view from the place `from` on that fits; or gives the response that says why none does.
fn start(request: Request, route: usize, from: usize) -> std::result::Result<Running, Response> {
    let application = request.application();
    let views = &application.routes[route].views;
    let exception = match views.select(&request, from) {
        Selection::View(place) => {
            let view = views.at(place);
            // The arguments of a view are taken when its future is polled; but a mapper of the user's own may do anything here.
            return match guarded(&request, || view.view.call(request.clone())) {
                Ok(future) => Ok(Running { future, request, route, place }),
                Err(error) => Err(failed(&request, view, &error)),
            };
        }
        Selection::WrongMethod if application.method_not_allowed => {
            HttpException::method_not_allowed(views.allow())
        }
        Selection::WrongMethod | Selection::None => HttpException::not_found(),
    };
    Err(exception.render(accept(&request)))
}

/// Runs a piece of a view: in the scope of the application's executor, and with a panic turned into an error.
fn guarded<T>(request: &Request, run: impl FnOnce() -> T) -> Result<T> {
    let executor = &request.application().executor;
    catch_unwind(AssertUnwindSafe(|| executor::enter(executor, run)))
        .map_err(|payload| Panicked::new(payload).into())
}

fn accept(request: &Request) -> Option<&HeaderValue> {
    request.headers().get(ACCEPT)
}

fn failed(request: &Request, view: &RegisteredView, error: &Error) -> Response {
    report::failure(request, view, error);
    answer_to(error).render(accept(request))
}

impl Running {
    fn poll_view(&mut self, cx: &mut Context<'_>) -> Poll<Result<Response>> {
        let application = self.request.application();
        let view = application.routes[self.route].views.at(self.place);
        let future = &mut self.future;
        let poll = || future.as_mut().poll(cx);
        let watchdog = if view.watched { application.watchdog.as_ref() } else { None };
        let outcome = match watchdog {
            Some(_) => guarded(&self.request, || Watchdog::observe(watchdog, view.site, poll)),
            None => guarded(&self.request, poll),
        };
        match outcome {
            Ok(poll) => poll,
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

impl Future for Answer {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        loop {
            let running = match &mut self.0 {
                State::Ready(response) => {
                    return Poll::Ready(response.take().expect("polled after it was done"));
                }
                State::Running(running) => running,
            };
            let result = ready!(running.poll_view(cx));
            let State::Running(Running { request, route, place, .. }) =
                std::mem::replace(&mut self.0, State::Ready(None))
            else {
                unreachable!("nothing else was running")
            };
            let view = || request.application().routes[route].views.at(place);
            match result {
                Ok(response) => return Poll::Ready(response),
                Err(error) if error.downcast_ref::<Mismatch>().is_some() => {
                    *self = match start(request.clone(), route, place + 1) {
                        Ok(running) => Self(State::Running(running)),
                        Err(response) => Self::ready(response),
                    };
                }
                Err(error) => return Poll::Ready(failed(&request, view(), &error)),
            }
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let State::Running(running) = &self.0 {
            running.request.cancel();
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Ready(_) => "Answer(ready)",
            State::Running(_) => "Answer(running)",
        })
    }
}
