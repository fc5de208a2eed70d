//! What a page hears while it is open: server-sent events, see <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use std::fmt::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::Request;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};

use crate::command::reload::state::{State, Version};
use crate::protocol::body::{Body, BodyError};
use crate::server::ServerHandle;

/// How long nothing is said at the most, so that who has gone is noticed.
const SILENCE: Duration = Duration::from_secs(15);

/// Milliseconds until the browser asks again when the worker that it heard has made room for another one.
const RETRY: &str = "retry: 100\n\n";

/// The events for the page that asks.
pub(super) fn stream<B>(
    request: &Request<B>,
    state: watch::Receiver<Arc<State>>,
    handle: ServerHandle,
    place: OwnedSemaphorePermit,
) -> Body {
    let (page, events) = mpsc::channel(4);
    let seen = seen(request);
    tokio::spawn(async move {
        tell(&page, seen, state, &handle).await;
        drop(place);
    });
    Body::from_stream(Events(events))
}

/// The version of the page: as the browser has heard it last, else as it stands in the page.
fn seen<B>(request: &Request<B>) -> Option<Version> {
    let heard = request.headers().get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    heard.or_else(|| {
        let query = request.uri().query()?;
        query.split('&').find_map(|pair| pair.strip_prefix("version="))?.parse().ok()
    })
}

/// Tells of changes until there is nobody who hears, or who could tell.
async fn tell(
    page: &mpsc::Sender<String>,
    mut seen: Option<Version>,
    mut state: watch::Receiver<Arc<State>>,
    handle: &ServerHandle,
) {
    let mut text = RETRY.to_owned();
    loop {
        let newest = state.borrow_and_update().version.clone();
        let event = match &seen {
            Some(seen) if seen.has_pages_of(&newest) => (seen.style != newest.style).then_some("style"),
            _ => Some("page"),
        };
        if let Some(event) = event {
            // Writing into a string cannot fail.
            let _ = write!(text, "id: {newest}\nevent: {event}\ndata: {newest}\n\n");
        }
        seen = Some(newest);
        if !text.is_empty() && page.send(std::mem::take(&mut text)).await.is_err() {
            return;
        }
        tokio::select! {
            changed = state.changed() => if changed.is_err() { return },
            () = page.closed() => return,
            () = handle.stopping() => return,
            () = tokio::time::sleep(SILENCE) => text.push_str(":\n\n"),
        }
    }
}

struct Events(mpsc::Receiver<String>);

impl Stream for Events {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(|text| Ok(text.into())))
    }
}
