//! A request for which more is to be done than to call a view of its route.

use std::sync::Arc;

use super::exceptions::{self, Excepting};
use super::lookup;
use crate::app::application::RequestExt;
use crate::app::callback::{run_finished_callbacks, run_response_callbacks};
use crate::app::event::NewResponse;
use crate::app::executor;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::ViewFuture;
use crate::error::{Error, Result};
use crate::protocol::pattern::Match;

/// Answers it from the beginning: tweens, events, route, tree, view, exception views. What comes after that, [`finished`] does.
pub(super) fn begin(request: &Request) -> ViewFuture {
    let application = request.application();
    match &application.handler {
        Some(handler) => handler.call(request.clone()),
        None if application.composed => {
            let inside = lookup::answer(request.clone());
            Box::pin(Excepting::new(request.clone(), inside))
        }
        // The route was looked for before anything else. It matched, or none did.
        None => {
            let request = request.clone();
            Box::pin(async move {
                let route = request.matched().map(Match::route);
                match lookup::answer_from(&request, route).await {
                    Ok(response) => Ok(response),
                    // What is rare makes no room for itself in every request.
                    Err(error) => Box::pin(exceptions::answered(&request, error)).await,
                }
            })
        }
    }
}

/// Goes on where a view has failed, or there was none.
pub(super) async fn after(request: Request, error: Error) -> Result<Response> {
    let outcome = exceptions::answered(&request, error).await;
    finished(request, outcome).await
}

/// Goes on where a response is there: callbacks and events, then what is to be done at the end in any case.
pub(super) async fn finished(request: Request, outcome: Result<Response>) -> Result<Response> {
    let outcome = match outcome {
        Ok(response) => responded(&request, response).await,
        failed => failed,
    };
    run_finished_callbacks(&request).await;
    outcome
}

/// What is to be done at the end is done also where nobody waits for the answer any more.
pub(super) fn given_up(request: &Request) {
    let request = request.clone();
    // Outside of an event loop there is nobody to do it.
    if let Ok(handle) = tokio::runtime::Handle::try_current() {
        let executor = request.application().executor.clone();
        handle.spawn(async move {
            let mut running = std::pin::pin!(run_finished_callbacks(&request));
            std::future::poll_fn(|cx| executor::enter(&executor, || running.as_mut().poll(cx))).await;
        });
    }
}

async fn responded(request: &Request, mut response: Response) -> Result<Response> {
    run_response_callbacks(request, &mut response).await?;
    let subscribers = &request.application().subscribers;
    if !subscribers.want::<NewResponse>() {
        return Ok(response);
    }
    let event = Arc::new(NewResponse::new(request.clone(), response));
    subscribers.notify_shared(Arc::clone(&event)).await?;
    Ok(event.with_response(std::mem::take))
}
