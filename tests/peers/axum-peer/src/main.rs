//! axum with `Router`, extractors and `axum::serve`. `MODEL=mt` runs it on the multi-thread runtime that
//! `#[tokio::main]` would give. `AXUM_PLAIN=1` hands the router itself to `axum::serve`, as many examples do, which
//! builds every route anew for each connection; without it `into_make_service` builds them once. `WS_READ_BUF` sets the
//! read buffer of a websocket in bytes.

use axum::extract::Path;
use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use contract::{Doc, HELLO, MESSAGE, Message};

async fn plaintext() -> &'static str {
    HELLO
}

async fn json() -> Json<Message> {
    Json(MESSAGE)
}

async fn user_post(Path((id, slug)): Path<(String, String)>) -> String {
    contract::user_post(&id, &slug)
}

async fn numbered(Path(x): Path<String>) -> String {
    x
}

async fn inline() -> String {
    contract::blocking_compute().to_string()
}

async fn blocking() -> String {
    tokio::task::spawn_blocking(|| contract::blocking_compute().to_string()).await.unwrap()
}

async fn blocking_sleep() -> String {
    tokio::task::spawn_blocking(|| contract::blocking_sleep().to_string()).await.unwrap()
}

async fn echo_json(Json(doc): Json<Doc>) -> Json<Doc> {
    Json(doc)
}

async fn echo(upgrade: WebSocketUpgrade) -> Response {
    match contract::env_number("WS_READ_BUF") {
        Some(size) => upgrade.read_buffer_size(size).on_upgrade(echo_loop),
        None => upgrade.on_upgrade(echo_loop),
    }
}

async fn echo_loop(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if matches!(message, Frame::Text(_) | Frame::Binary(_)) && socket.send(message).await.is_err() {
            break;
        }
    }
}

fn app() -> Router {
    let mut router = Router::new()
        .route("/plaintext", get(plaintext))
        .route("/json", get(json))
        .route("/user/{id}/post/{slug}", get(user_post))
        .route("/inline", get(inline))
        .route("/blocking", get(blocking))
        .route("/blocking-sleep", get(blocking_sleep))
        .route("/echo-json", post(echo_json))
        .route("/echo", get(echo));
    for n in 0..contract::numbered_routes() {
        router = router.route(&format!("/r{n:04}/{{x}}"), get(numbered));
    }
    router
}

fn main() {
    let settings = contract::settings();
    let app = app();
    contract::rt::run(settings.addr, settings.workers, move |listener| {
        let app = app.clone();
        async move {
            if contract::env_flag("AXUM_PLAIN") {
                axum::serve(listener, app).await.unwrap();
            } else {
                axum::serve(listener, app.into_make_service()).await.unwrap();
            }
        }
    });
}
