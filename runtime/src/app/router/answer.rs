//! A response in the making.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::call::is_mismatch;
use super::unread::{self, Draining};
use super::{composed, declined, exceptions, lookup, stock};
use crate::app::application::{Application, RequestExt, Selection, ViewSet, allow};
use crate::app::executor::{self, Executor, Panicked, Watchdog};
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
    /// One for which more is to be done than to call a view of its route.
    Composed(Composed),
    /// The response is there, and waits for the rest of a request that nobody has read.
    Draining(Box<Response>, Draining),
}

struct Composed {
    future: ViewFuture,
    request: Request,
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

    /// The answer of whichever view of a plain route fits the request.
    pub(super) fn of(request: Request, views: &ViewSet, route: usize) -> Self {
        match views.select(&request, 0) {
            Selection::View(place) => Self(State::Running(Running { future: None, request, route, place })),
            refused => {
                let refusal = refusal(&request, views, &refused);
                Self::instead_of_view(request, refusal)
            }
        }
    }

    /// The answer where no route matched, and there are no views without one.
    #[cold]
    pub(super) fn nothing(request: Request) -> Self {
        let application = request.application();
        declined::note(&request, application, &[]);
        let refusal = lookup::refusal(application, None);
        Self::instead_of_view(request, refusal.into())
    }

    /// The answer where more is to be done than to call a view of a route.
    pub(super) fn composed(request: Request, future: ViewFuture) -> Self {
        Self(State::Composed(Composed { future, request }))
    }

    /// The answer to an error: that of an exception view, or else the stock one.
    #[cold]
    fn instead_of_view(request: Request, error: Error) -> Self {
        if request.has_callbacks() || exceptions::are_there(&request) {
            let future = Box::pin(composed::after(request.clone(), error));
            return Self::composed(request, future);
        }
        Self::instead(&request, stock::page(&request, &error))
    }

    /// A response to a request whose body nobody may have read.
    #[cold]
    pub(super) fn instead(request: &Request, mut response: Response) -> Self {
        match unread::dealt_with(request, &mut response) {
            None => Self::ready(response),
            Some(draining) => Self(State::Draining(Box::new(response), draining)),
        }
    }

    /// Goes on where the view that runs has failed, or turned out to be for something else.
    #[cold]
    fn after(&mut self, error: Error) {
        let Some((request, running)) = self.take() else { unreachable!("nothing else was running") };
        *self = match running {
            // Exception views were asked already, and this is no answer by itself: it came from outside of them.
            None => Self::instead(&request, stock::page(&request, &error)),
            Some((route, place)) => {
                let views = plain_views(request.application(), route);
                let next = is_mismatch(&error).then(|| views.select(&request, place + 1));
                let error = match next {
                    Some(Selection::View(place)) => {
                        *self = Self(State::Running(Running { future: None, request, route, place }));
                        return;
                    }
                    Some(refused) => refusal(&request, views, &refused),
                    None => {
                        request.set_extension(views.at(place).failed());
                        error
                    }
                };
                Self::instead_of_view(request, error)
            }
        };
    }

    /// The request that is being answered, with the places of the route and the view where it is a plain one.
    fn take(&mut self) -> Option<(Request, Option<(usize, usize)>)> {
        match std::mem::replace(&mut self.0, State::Ready(None)) {
            State::Running(Running { request, route, place, .. }) => Some((request, Some((route, place)))),
            State::Composed(Composed { request, .. }) => Some((request, None)),
            State::Ready(_) | State::Draining(..) => None,
        }
    }
}

/// The views of a route that was found to be plain.
#[inline]
fn plain_views(application: &Application, route: usize) -> &ViewSet {
    match application.routes[route].views.plain() {
        Some(views) => views,
        None => unreachable!("the route was plain when its views were looked at"),
    }
}

/// Runs a piece of a view: in the scope of the application's executor, and with a panic turned into an error.
fn guarded(executor: &Executor, run: impl FnOnce()) -> Result<()> {
    catch_unwind(AssertUnwindSafe(|| executor::enter(executor, run)))
        .map_err(|payload| Panicked::new(payload).into())
}

/// What is wrong where no view of a plain route fits.
#[cold]
fn refusal(request: &Request, views: &ViewSet, refused: &Selection) -> Error {
    declined::note(request, request.application(), &[views]);
    let allowed = matches!(refused, Selection::WrongMethod).then(|| allow(views.iter()));
    lookup::refusal(request.application(), allowed).into()
}

impl Composed {
    /// Polls it. A panic outside of every view, in a tween for instance, costs this request alone.
    fn poll(&mut self, cx: &mut Context<'_>, outcome: &mut Poll<Result<Response>>) {
        let (future, executor) = (&mut self.future, &self.request.application().executor);
        let guarded = guarded(executor, || *outcome = future.as_mut().poll(cx));
        if let Err(panic) = guarded {
            *outcome = Poll::Ready(Err(panic));
        }
    }
}

impl Running {
    /// Polls the view. What it answers goes to `outcome`, not through our hands: a response is large, and each hand that it
    /// passes through would copy it.
    #[inline]
    fn poll_view(&mut self, cx: &mut Context<'_>, outcome: &mut Poll<Result<Response>>) {
        let application = self.request.application();
        let view = plain_views(application, self.route).at(self.place);
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
            let mut outcome = Poll::Pending;
            let request = match &mut self.0 {
                State::Ready(response) => {
                    return Poll::Ready(finish(*response.take().expect("polled after it was done")));
                }
                State::Draining(response, draining) => {
                    ready!(draining.as_mut().poll(cx));
                    let response = std::mem::take(&mut **response);
                    self.0 = State::Ready(None);
                    return Poll::Ready(finish(response));
                }
                State::Running(running) => {
                    running.poll_view(cx, &mut outcome);
                    // A callback may have to be waited for, so there is more to be done than to give the response away.
                    if running.request.has_callbacks() && matches!(outcome, Poll::Ready(Ok(_))) {
                        self.finish(outcome);
                        continue;
                    }
                    &running.request
                }
                State::Composed(composed) => {
                    composed.poll(cx, &mut outcome);
                    &composed.request
                }
            };
            match &mut outcome {
                Poll::Ready(Ok(response)) => match unread::dealt_with(request, response) {
                    None => {
                        self.conclude();
                        let Poll::Ready(Ok(response)) = outcome else { unreachable!("it was looked at") };
                        return Poll::Ready(finish(response));
                    }
                    Some(draining) => {
                        self.0 = State::Draining(Box::new(std::mem::take(response)), draining);
                    }
                },
                Poll::Ready(Err(_)) => {
                    let Poll::Ready(Err(error)) = outcome else { unreachable!("it was looked at") };
                    self.after(error);
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Goes on with the callbacks of a request whose view has answered.
    #[cold]
    fn finish(&mut self, outcome: Poll<Result<Response>>) {
        let (Some((request, _)), Poll::Ready(outcome)) = (self.take(), outcome) else {
            unreachable!("a view has answered")
        };
        let future = Box::pin(composed::finished(request.clone(), outcome));
        *self = Self::composed(request, future);
    }

    /// Lets go of the view, which has answered, and then of its request.
    #[inline]
    fn conclude(&mut self) {
        match std::mem::replace(&mut self.0, State::Ready(None)) {
            State::Running(running) => {
                drop(running.future);
                running.request.let_go();
            }
            State::Composed(composed) => {
                drop(composed.future);
                composed.request.let_go();
            }
            State::Ready(_) | State::Draining(..) => {}
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
        let request = match &self.0 {
            State::Running(running) => &running.request,
            State::Composed(composed) => &composed.request,
            State::Ready(_) | State::Draining(..) => return,
        };
        request.cancel();
        if request.has_callbacks() {
            composed::given_up(request);
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Ready(_) => "Answer(ready)",
            State::Draining(..) => "Answer(draining)",
            State::Running(_) => "Answer(running)",
            State::Composed(_) => "Answer(composed)",
        })
    }
}
