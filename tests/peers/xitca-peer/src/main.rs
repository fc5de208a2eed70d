//! xitca-web with its own server.

use contract::{Doc, HELLO, MESSAGE, Message};
use xitca_web::App;
use xitca_web::handler::handler_service;
use xitca_web::handler::json::Json;
use xitca_web::handler::params::Params;
use xitca_web::handler::websocket::{Message as Frame, WebSocket};
use xitca_web::route::{get, post};

async fn plaintext() -> &'static str {
    HELLO
}

async fn json() -> Json<Message> {
    Json(MESSAGE)
}

async fn user_post(Params((id, slug)): Params<(String, String)>) -> String {
    contract::user_post(&id, &slug)
}

async fn numbered(Params(x): Params<String>) -> String {
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

async fn echo(mut ws: WebSocket) -> WebSocket {
    ws.on_msg(|sender, message| {
        Box::pin(async move {
            let _ = match message {
                Frame::Text(text) => sender.text(text.into_inner()).await,
                Frame::Binary(bytes) => sender.binary(bytes).await,
                Frame::Continuation(_) => Ok(()),
            };
        })
    });
    ws
}

fn main() -> std::io::Result<()> {
    let settings = contract::settings();
    let mut app = App::new()
        .at("/plaintext", get(handler_service(plaintext)))
        .at("/json", get(handler_service(json)))
        .at("/user/{id}/post/{slug}", get(handler_service(user_post)))
        .at("/inline", get(handler_service(inline)))
        .at("/blocking", get(handler_service(blocking)))
        .at("/blocking-sleep", get(handler_service(blocking_sleep)))
        .at("/echo-json", post(handler_service(echo_json)))
        .at("/echo", get(handler_service(echo)));
    for n in 0..contract::numbered_routes() {
        app = app.at(&format!("/r{n:04}/{{x}}"), get(handler_service(numbered)));
    }
    app.serve()
        .worker_threads(settings.workers)
        .server_threads(1)
        .backlog(4096)
        .bind(settings.addr)?
        .run()
        .wait()
}
