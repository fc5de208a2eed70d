//! A view of a plain route while it runs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::call::is_mismatch;
use super::{declined, lookup, recorded, spans};
use crate::app::application::{Application, RequestExt, Selection, ViewSet, allow};
use crate::app::executor::{self, Executor, Panicked, Watchdog};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::ViewFuture;
use crate::error::{Error, Result};

/// A view of a plain route while it runs.
pub(super) struct Running {
    /// Of the view; `None` until it is first polled, so that calling it and polling it is guarded in one go.
    pub(super) future: Option<ViewFuture>,
    pub(super) request: Request,
    /// The places of the route and, among its views, of the one that runs.
    route: usize,
    place: usize,
}

impl Running {
    /// The view at a place among those of a route.
    #[inline]
    pub(super) fn new(request: Request, route: usize, place: usize) -> Self {
        Self { future: None, request, route, place }
    }

    /// Polls the view. What it answers goes to `outcome`, not through our hands: a response is large, and each hand that it
    /// passes through would copy it.
    #[expect(
        clippy::inline_always,
        reason = "called from two places, of which one is the short way of most requests"
    )]
    #[inline(always)]
    pub(super) fn poll_view(&mut self, cx: &mut Context<'_>, outcome: &mut Poll<Result<Response>>) {
        let application = self.request.application();
        let view = plain_views(application, self.route).at(self.place);
        let (future, request) = (&mut self.future, &self.request);
        let poll = || {
            // A mapper of the user's own may do anything when it is called.
            let future = future.get_or_insert_with(|| {
                recorded::view(request, view);
                spans::call(view, request)
            });
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

    /// Goes on with the next view where the one that ran has turned out to be for something else.
    ///
    /// # Errors
    /// What is wrong with the request: the view has failed, or there is no other one.
    #[cold]
    pub(super) fn go_on(&mut self, error: Error) -> Result<()> {
        let views = plain_views(self.request.application(), self.route);
        if !is_mismatch(&error) {
            self.request.set_extension(views.at(self.place).failed());
            return Err(error);
        }
        match views.select(&self.request, self.place + 1) {
            Selection::View(place) => {
                (self.place, self.future) = (place, None);
                Ok(())
            }
            refused => Err(refusal(&self.request, views, &refused)),
        }
    }
}

/// The view where tweens stand around it.
impl Future for Running {
    type Output = Result<Response>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Response>> {
        loop {
            let mut outcome = Poll::Pending;
            self.poll_view(cx, &mut outcome);
            match outcome {
                Poll::Ready(Err(error)) => {
                    if let Err(error) = self.go_on(error) {
                        return Poll::Ready(Err(error));
                    }
                }
                other => return other,
            }
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
pub(super) fn guarded(executor: &Executor, run: impl FnOnce()) -> Result<()> {
    catch_unwind(AssertUnwindSafe(|| executor::enter(executor, run)))
        .map_err(|payload| Panicked::new(payload).into())
}

/// What is wrong where no view of a plain route fits.
#[cold]
pub(super) fn refusal(request: &Request, views: &ViewSet, refused: &Selection) -> Error {
    declined::note(request, request.application(), &[views]);
    let allowed = matches!(refused, Selection::WrongMethod).then(|| allow(views.iter()));
    lookup::refusal(request.application(), allowed).into()
}
