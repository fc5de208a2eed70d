//! One view called, with what it must not do kept from the rest.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use super::{recorded, spans};
use crate::app::application::{RegisteredView, RequestExt};
use crate::app::executor::{Panicked, Watchdog};
use crate::app::extract::Mismatch;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::ViewFuture;
use crate::error::{Error, Result};

/// Calls a view: a panic in it is an error of the request, and while it holds the event loop it is watched.
pub(super) async fn call(view: &RegisteredView, request: &Request) -> Result<Response> {
    let application = request.application();
    let watchdog = application.watchdog.as_ref().filter(|_| view.watched);
    recorded::view(request, view);
    let mut future: Option<ViewFuture> = None;
    let outcome = poll_fn(|cx| {
        // A mapper of the user's own may do anything when it is called.
        let poll = || future.get_or_insert_with(|| spans::call(view, request)).as_mut().poll(cx);
        let guarded = || catch_unwind(AssertUnwindSafe(poll));
        let polled = match watchdog {
            Some(_) => Watchdog::observe(watchdog, view.site, guarded),
            None => guarded(),
        };
        polled.unwrap_or_else(|payload| Poll::Ready(Err(Panicked::new(payload).into())))
    })
    .await;
    if let Err(error) = &outcome
        && !is_mismatch(error)
    {
        request.set_extension(view.failed());
    }
    outcome
}

/// Whether a view has turned out to be for something else, so that the next one is tried.
pub(super) fn is_mismatch(error: &Error) -> bool {
    error.downcast_ref::<Mismatch>().is_some()
}
