//! From a request to an open socket.

use http::StatusCode;

use super::view;
use super::{FromMessage, WebSocket, WebSocketOptions, WebSocketView};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;

/// Answers a handshake; the socket that comes of it is given to `run`.
///
/// # Errors
/// What is wrong with the handshake, as an [`HttpException`](crate::HttpException).
pub fn serve<F, T>(request: &Request, options: &'static WebSocketOptions, run: F) -> Result<Response>
where
    F: FnOnce(WebSocket) -> T + Send + 'static,
    T: Future<Output = Result<()>> + Send + 'static,
{
    let _ = (request, options, run);
    Ok(Response::text("").with_status(StatusCode::NOT_IMPLEMENTED))
}

/// As [`serve`], for a struct whose methods are called.
///
/// # Errors
/// As there.
pub fn serve_view<V, M>(request: &Request, options: &'static WebSocketOptions, view: V) -> Result<Response>
where
    V: WebSocketView<M>,
    M: FromMessage,
{
    serve(request, options, |socket| view::run(view, socket))
}
