//! From a request to an open socket.

use std::panic::Location;

use http::header::ORIGIN;
use hyper::ext::Protocol;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tracing::Instrument as _;

use super::driver::{Driver, Outcome};
use super::settled::{Place, Settled, WebSocketSettings};
use super::shared::Shared;
use super::{WebSocket, WebSocketError, WebSocketOptions};
use crate::app::executor::Executor;
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;
use crate::protocol::body::Body;
use crate::protocol::upgrade::{GoingAway, OpenedMark};
use crate::protocol::websocket::handshake::{Opening, Refusal, Terms};
use crate::protocol::websocket::{Decoder, Encoder, Role};

/// How many seconds later a client may try again for which there is no place.
const RETRY_AFTER: u32 = 5;

/// Answers a handshake; the socket that comes of it is given to `run`, in a task of its own.
///
/// # Errors
/// What is wrong with the handshake, as an [`HttpException`].
pub(crate) fn accept<F, T>(
    request: &Request,
    options: &WebSocketOptions,
    settings: &WebSocketSettings,
    executor: Executor,
    run: F,
) -> Result<Response>
where
    F: FnOnce(WebSocket) -> T + Send + 'static,
    T: Future<Output = Result<()>> + Send + 'static,
{
    let settled = Settled { options, settings };
    let protocol = request.extension::<Protocol>();
    let opening = Opening {
        method: request.method(),
        version: request.version(),
        headers: request.headers(),
        protocol: protocol.as_ref().map(Protocol::as_str),
    };
    let compression = settled.compression();
    let terms = Terms { subprotocols: options.subprotocols, compression: compression.as_ref() };
    let accepted = opening.accept(&terms).map_err(|refusal| exception(&refusal, request))?;
    if let Some(origin) = request.headers().get(ORIGIN)
        && !origin.to_str().is_ok_and(|origin| settled.allows(origin, request.host()))
    {
        return Err(HttpException::forbidden()
            .with_detail("A page of another site may not open this.")
            .into());
    }
    let place = Place::take(settings).ok_or_else(|| HttpException::service_unavailable(RETRY_AFTER))?;
    let Some(upgrade) = request.remove_extension::<OnUpgrade>() else {
        return Err(HttpException::not_implemented()
            .with_detail("This connection cannot be upgraded.")
            .into());
    };

    let deflate = accepted.deflate.as_ref();
    let shared = Shared::new(
        Decoder::new(Role::Server, settled.limits(), deflate),
        Encoder::new(Role::Server, deflate),
        settled.outbox(),
        settled.slow_reader(),
    );
    let socket = WebSocket::new(shared.clone(), accepted.subprotocol);
    let opened = Opened {
        upgrade,
        going_away: request.remove_extension::<GoingAway>(),
        site: options.site,
        path: request.path().into(),
        place,
    };
    let patience = settled.patience();
    let (finishing, timeout) = (options.finishing, settings.handshake_timeout);
    let opening = async move {
        // The place is kept to the end.
        let Opened { upgrade, going_away, site, path, place: _place } = opened;
        let io = match tokio::time::timeout(timeout, upgrade).await {
            Ok(Ok(io)) => TokioIo::new(io),
            // Somebody answered something else in our place, or the client has gone.
            Ok(Err(error)) => return tracing::debug!(path = &*path, %error, "no socket was opened"),
            Err(_) => return tracing::debug!(path = &*path, "the handshake takes too long"),
        };
        let view = run(socket);
        let outcome = Driver::new(io, shared, view, executor, going_away, patience, finishing).await;
        report(site, &path, &outcome);
    };
    tokio::spawn(opening.in_current_span());
    let mut response = accepted.response.map(|()| Body::empty());
    response.extensions_mut().insert(OpenedMark);
    Ok(response.into())
}

/// What the task of a socket begins with.
struct Opened {
    upgrade: OnUpgrade,
    going_away: Option<GoingAway>,
    site: &'static Location<'static>,
    path: Box<str>,
    place: Place,
}

fn exception(refusal: &Refusal, request: &Request) -> HttpException {
    let mut exception = HttpException::new(refusal.status()).with_detail(refusal.to_string());
    for (name, value) in refusal.headers(request.version()) {
        if let Some(name) = name {
            exception = exception.with_header(name, value);
        }
    }
    exception
}

/// Logs a failure of the view, once. What the client did wrong is none.
fn report(site: &Location<'_>, path: &str, outcome: &Outcome) {
    let at = format_args!("{}:{}", site.file(), site.line());
    match outcome {
        Outcome::Returned(Ok(())) => {}
        Outcome::Returned(Err(error)) => {
            if let Some(error) = error.downcast_ref::<WebSocketError>() {
                tracing::debug!(%at, path, "a socket ended: {error}");
            } else {
                tracing::error!(%at, path, "a websocket view failed: {error:?}");
            }
        }
        Outcome::Panicked(message) => tracing::error!(%at, path, "a websocket view panicked: {message}"),
        Outcome::GivenUp => {
            tracing::debug!(%at, path, "a websocket view went on after its client had gone: given up");
        }
    }
}
