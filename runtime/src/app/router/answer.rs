//! A response in the making.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::HeaderValue;
use http::header::ACCEPT;

use super::report;
use super::unread::{self, Draining};
use crate::app::application::{Application, RegisteredView, RequestExt, Selection};
use crate::app::executor::{self, Executor, Panicked, Watchdog};
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
    /// Boxed, because it is rare and large: the future is moved several times before it is polled.
    Ready(Option<Box<Response>>),
    Running(Running),
    /// The response is there, and waits for the rest of a request that nobody has read.
    Draining(Box<Response>, Draining),
}

struct Running {
    /// Of the view; `None` until it is first polled, so that calling it and polling it is guarded in one go.
    future: Option<ViewFuture>,
    request: Request,
    /// The places of the route and, among its views, of the one that runs.
    route: usize,
    place: usize,
}

impl Answer {
    pub(super) fn ready(response: Response) -> Self {
        Self(State::Ready(Some(Box::new(response))))
    }

    /// The answer of whichever view of the route fits the request.
    pub(super) fn of(request: Request, application: &Application, route: usize) -> Self {
        match application.routes[route].views.select(&request, 0) {
            Selection::View(place) => Self(State::Running(Running { future: None, request, route, place })),
            refused => Self::instead(&request, refusal(&request, route, &refused)),
        }
    }

    /// A response to a request whose body nobody may have read.
    #[cold]
    pub(super) fn instead(request: &Request, mut response: Response) -> Self {
        match unread::dealt_with(request, &mut response) {
            None => Self::ready(response),
            Some(draining) => Self(State::Draining(Box::new(response), draining)),
        }
    }

    /// The answer of the next view that fits, after the one that runs has turned out not to; or the error of that one.
    #[cold]
    fn after(&mut self, error: &Error) {
        let State::Running(Running { request, route, place, .. }) =
            std::mem::replace(&mut self.0, State::Ready(None))
        else {
            unreachable!("nothing else was running")
        };
        let views = &request.application().routes[route].views;
        *self = if error.downcast_ref::<Mismatch>().is_none() {
            Self::instead(&request, failed(&request, views.at(place), error))
        } else {
            match views.select(&request, place + 1) {
                Selection::View(place) => {
                    Self(State::Running(Running { future: None, request, route, place }))
                }
                refused => Self::instead(&request, refusal(&request, route, &refused)),
            }
        };
    }
}

/// The response where no view of the route fits.
#[cold]
fn refusal(request: &Request, route: usize, refused: &Selection) -> Response {
    let application = request.application();
    let exception = if matches!(refused, Selection::WrongMethod) && application.method_not_allowed {
        HttpException::method_not_allowed(application.routes[route].views.allow())
    } else {
        HttpException::not_found()
    };
    exception.render(accept(request))
}

/// Runs a piece of a view: in the scope of the application's executor, and with a panic turned into an error.
fn guarded(executor: &Executor, run: impl FnOnce()) -> Result<()> {
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
    /// Polls the view. What it answers goes to `outcome`, not through our hands: a response is large, and each hand that it
    /// passes through would copy it.
    #[inline]
    fn poll_view(&mut self, cx: &mut Context<'_>, outcome: &mut Poll<Result<Response>>) {
        let application = self.request.application();
        let view = application.routes[self.route].views.at(self.place);
        let (future, request) = (&mut self.future, &self.request);
        let poll = || {
            // A mapper of the user's own may do anything when it is called.
            let future = future.get_or_insert_with(|| view.view.call(request.clone()));
            *outcome = future.as_mut().poll(cx);
        };
        let watchdog = if view.watched { application.watchdog.as_ref() } else { None };
        let guarded = match watchdog {
            Some(_) => guarded(&application.executor, || Watchdog::observe(watchdog, view.site, poll)),
            None => guarded(&application.executor, poll),
        };
        if let Err(panic) = guarded {
            *outcome = Poll::Ready(Err(panic));
        }
    }
}

impl Answer {
    /// Polls it, and makes of the response what `finish` does. For the same reason as in [`Running::poll_view`], a response is
    /// looked at where it is, and moved once.
    #[inline]
    pub(super) fn poll_finished<R>(
        &mut self,
        cx: &mut Context<'_>,
        finish: impl Fn(Response) -> R,
    ) -> Poll<R> {
        loop {
            let running = match &mut self.0 {
                State::Ready(response) => {
                    return Poll::Ready(finish(*response.take().expect("polled after it was done")));
                }
                State::Draining(response, draining) => {
                    ready!(draining.as_mut().poll(cx));
                    let response = std::mem::take(&mut **response);
                    self.0 = State::Ready(None);
                    return Poll::Ready(finish(response));
                }
                State::Running(running) => running,
            };
            let mut outcome = Poll::Pending;
            running.poll_view(cx, &mut outcome);
            match &mut outcome {
                Poll::Ready(Ok(response)) => match unread::dealt_with(&running.request, response) {
                    None => {
                        self.conclude();
                        let Poll::Ready(Ok(response)) = outcome else { unreachable!("it was looked at") };
                        return Poll::Ready(finish(response));
                    }
                    Some(draining) => {
                        self.0 = State::Draining(Box::new(std::mem::take(response)), draining);
                    }
                },
                Poll::Ready(Err(error)) => self.after(error),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Lets go of the view, which has answered, and then of its request.
    #[inline]
    fn conclude(&mut self) {
        if let State::Running(running) = std::mem::replace(&mut self.0, State::Ready(None)) {
            drop(running.future);
            running.request.let_go();
        }
    }
}

impl Future for Answer {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        self.poll_finished(cx, |response| response)
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
            State::Draining(..) => "Answer(draining)",
            State::Running(_) => "Answer(running)",
        })
    }
}
