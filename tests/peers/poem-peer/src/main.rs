//! poem with its handler macro and its own server.

use contract::{Doc, HELLO, MESSAGE, Message};
use futures_util::{SinkExt, StreamExt};
use poem::listener::TcpAcceptor;
use poem::web::websocket::WebSocket;
use poem::web::{Json, Path};
use poem::{IntoResponse, Route, Server, get, handler, post};
use std::sync::Arc;

#[handler]
async fn plaintext() -> &'static str {
    HELLO
}

#[handler]
async fn json() -> Json<Message> {
    Json(MESSAGE)
}

#[handler]
async fn user_post(Path((id, slug)): Path<(String, String)>) -> String {
    contract::user_post(&id, &slug)
}

#[handler]
async fn numbered(Path(x): Path<String>) -> String {
    x
}

#[handler]
async fn inline() -> String {
    contract::blocking_compute().to_string()
}

#[handler]
async fn blocking() -> String {
    tokio::task::spawn_blocking(|| contract::blocking_compute().to_string()).await.unwrap()
}

#[handler]
async fn blocking_sleep() -> String {
    tokio::task::spawn_blocking(|| contract::blocking_sleep().to_string()).await.unwrap()
}

#[handler]
async fn echo_json(doc: Json<Doc>) -> Json<Doc> {
    doc
}

#[handler]
async fn echo(ws: WebSocket) -> impl IntoResponse {
    ws.on_upgrade(|mut socket| async move {
        while let Some(Ok(message)) = socket.next().await {
            if (message.is_text() || message.is_binary()) && socket.send(message).await.is_err() {
                break;
            }
        }
    })
}

fn app() -> Route {
    let mut app = Route::new()
        .at("/plaintext", get(plaintext))
        .at("/json", get(json))
        .at("/user/:id/post/:slug", get(user_post))
        .at("/inline", get(inline))
        .at("/blocking", get(blocking))
        .at("/blocking-sleep", get(blocking_sleep))
        .at("/echo-json", post(echo_json))
        .at("/echo", get(echo));
    for n in 0..contract::numbered_routes() {
        app = app.at(format!("/r{n:04}/:x"), get(numbered));
    }
    app
}

fn main() {
    let settings = contract::settings();
    let app = Arc::new(app());
    contract::rt::run(settings.addr, settings.workers, move |listener| {
        let app = app.clone();
        async move {
            let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
            Server::new_with_acceptor(acceptor).run(app).await.unwrap();
        }
    });
}
