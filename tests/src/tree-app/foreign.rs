//! A router of axum's inside of the application: what is promised to it, it gets, whatever stands around.

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;

/// A websocket that gives each text back.
pub(crate) fn router() -> Router {
    Router::new().route("/echo", get(upgraded))
}

async fn upgraded(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(echo)
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if let Message::Text(text) = message
            && socket.send(Message::Text(text)).await.is_err()
        {
            return;
        }
    }
}
