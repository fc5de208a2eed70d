//! Handshakes, with what the application has settled for all sockets.

use super::RequestExt;
use crate::app::extract::FromRequest;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::websocket::{self, FromMessage, Rooms, WebSocket, WebSocketOptions, WebSocketView};
use crate::error::Result;

/// Answers a handshake; the socket that comes of it is given to `run`.
///
/// # Errors
/// What is wrong with the handshake, as an [`HttpException`](crate::HttpException).
pub fn serve<F, T>(request: &Request, options: &WebSocketOptions, run: F) -> Result<Response>
where
    F: FnOnce(WebSocket) -> T + Send + 'static,
    T: Future<Output = Result<()>> + Send + 'static,
{
    let application = request.application();
    websocket::accept(request, options, &application.websockets, application.executor.clone(), run)
}

/// As [`serve`], for a struct whose methods are called.
///
/// # Errors
/// As there.
pub fn serve_view<V, M>(request: &Request, options: &WebSocketOptions, view: V) -> Result<Response>
where
    V: WebSocketView<M>,
    M: FromMessage,
{
    serve(request, options, |socket| websocket::run(view, socket))
}

impl FromRequest for Rooms {
    async fn from_request(request: &Request) -> Result<Self> {
        Ok(request.application().rooms.clone())
    }
}
