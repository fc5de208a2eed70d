//! A response in the making.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tracing::Span;

use super::running::{Running, guarded, refusal};
use super::unread::{self, Draining};
use super::{composed, declined, exceptions, lookup, stock};
use crate::app::application::{RequestExt, Selection, ViewSet};
use crate::app::event::NewResponse;
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
    /// One that is followed by a span, in which all of it happens.
    Traced(Box<Traced>),
}

struct Traced {
    answer: Answer,
    span: Span,
}

struct Composed {
    /// `None` until it is first polled: a tween may do anything when it is called.
    future: Option<ViewFuture>,
    request: Request,
    /// Whether what is done with every response is a part of the future.
    finishing: bool,
}

impl Answer {
    pub(super) fn ready(response: Response) -> Self {
        Self(State::Ready(Some(Box::new(response))))
    }

    /// The same answer, inside of a span.
    #[cold]
    pub(super) fn traced(answer: Self, span: Span) -> Self {
        Self(State::Traced(Box::new(Traced { answer, span })))
    }

    /// The answer of whichever view of a plain route fits the request.
    pub(super) fn of(request: Request, views: &ViewSet, route: usize) -> Self {
        match views.select(&request, 0) {
            Selection::View(place) => Self(State::Running(Running::new(request, route, place))),
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
    pub(super) fn composed(request: Request) -> Self {
        Self(State::Composed(Composed { future: None, request, finishing: false }))
    }

    /// The same at its end, where nothing is left to be done with what the future gives.
    fn finishing(request: Request, future: ViewFuture) -> Self {
        Self(State::Composed(Composed { future: Some(future), request, finishing: true }))
    }

    /// The answer to an error: that of an exception view, or else the stock one.
    #[cold]
    fn instead_of_view(request: Request, error: Error) -> Self {
        if request.has_callbacks() || exceptions::are_there(&request) {
            let future = Box::pin(composed::after(request.clone(), error));
            return Self::finishing(request, future);
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
        let error = match &mut self.0 {
            State::Running(running) => match running.go_on(error) {
                Ok(()) => return,
                Err(error) => error,
            },
            _ => error,
        };
        *self = match std::mem::replace(&mut self.0, State::Ready(None)) {
            State::Running(Running { request, .. }) => Self::instead_of_view(request, error),
            // Exception views were asked already, and this is no answer by itself: it came from outside of them.
            State::Composed(Composed { request, .. }) => {
                Self::instead(&request, stock::page(&request, &error))
            }
            State::Ready(_) | State::Draining(..) | State::Traced(_) => {
                unreachable!("nothing else was running")
            }
        };
    }
}

impl Composed {
    /// Whether something is to be done with what came out: a callback or a subscriber may have to be waited for.
    fn is_to_finish(&self, outcome: &Poll<Result<Response>>) -> bool {
        if self.finishing {
            return false;
        }
        match outcome {
            Poll::Pending => false,
            Poll::Ready(Err(_)) => self.request.has_callbacks(),
            Poll::Ready(Ok(_)) => {
                self.request.has_callbacks() || self.request.application().subscribers.want::<NewResponse>()
            }
        }
    }

    /// Polls it. A panic outside of every view, in a tween for instance, costs this request alone.
    fn poll(&mut self, cx: &mut Context<'_>, outcome: &mut Poll<Result<Response>>) {
        let (future, request) = (&mut self.future, &self.request);
        let guarded = guarded(&request.application().executor, || {
            *outcome = future.get_or_insert_with(|| composed::begin(request)).as_mut().poll(cx);
        });
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
                State::Traced(traced) => {
                    let Traced { answer, span } = &mut **traced;
                    let response = ready!(span.in_scope(|| Pin::new(answer).poll(cx)));
                    span.record("status", response.status().as_u16());
                    self.0 = State::Ready(None);
                    return Poll::Ready(finish(response));
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
                    if composed.is_to_finish(&outcome) {
                        self.finish(outcome);
                        continue;
                    }
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

    /// Goes on with the callbacks and events of a request that was answered.
    #[cold]
    fn finish(&mut self, outcome: Poll<Result<Response>>) {
        let Poll::Ready(outcome) = outcome else { unreachable!("it was answered") };
        let request = match std::mem::replace(&mut self.0, State::Ready(None)) {
            State::Running(Running { request, .. }) | State::Composed(Composed { request, .. }) => request,
            State::Ready(_) | State::Draining(..) | State::Traced(_) => {
                unreachable!("something else has answered")
            }
        };
        let future = Box::pin(composed::finished(request.clone(), outcome));
        *self = Self::finishing(request, future);
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
            State::Ready(_) | State::Draining(..) | State::Traced(_) => {}
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
            State::Ready(_) | State::Draining(..) | State::Traced(_) => return,
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
            State::Traced(_) => "Answer(traced)",
        })
    }
}
