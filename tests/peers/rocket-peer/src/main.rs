//! Rocket with its route macros, its own server, logging off, and its default fairing (shield) left on.

use contract::{Doc, HELLO, MESSAGE, Message};
use rocket::futures::{SinkExt, StreamExt};
use rocket::http::Method;
use rocket::route::{Handler, Outcome, Route};
use rocket::serde::json::Json;
use rocket::tokio::task::spawn_blocking;
use rocket::{Data, Request, get, post, routes};

#[get("/plaintext")]
async fn plaintext() -> &'static str {
    HELLO
}

#[get("/json")]
async fn json() -> Json<Message> {
    Json(MESSAGE)
}

#[get("/user/<id>/post/<slug>")]
async fn user_post(id: &str, slug: &str) -> String {
    contract::user_post(id, slug)
}

#[get("/inline")]
async fn inline() -> String {
    contract::blocking_compute().to_string()
}

#[get("/blocking")]
async fn blocking() -> String {
    spawn_blocking(|| contract::blocking_compute().to_string()).await.unwrap()
}

#[get("/blocking-sleep")]
async fn blocking_sleep() -> String {
    spawn_blocking(|| contract::blocking_sleep().to_string()).await.unwrap()
}

#[post("/echo-json", data = "<doc>")]
async fn echo_json(doc: Json<Doc>) -> Json<Doc> {
    doc
}

#[get("/echo")]
fn echo(ws: rocket_ws::WebSocket) -> rocket_ws::Channel<'static> {
    ws.channel(move |mut stream| {
        Box::pin(async move {
            while let Some(message) = stream.next().await {
                let message = message?;
                if message.is_text() || message.is_binary() {
                    stream.send(message).await?;
                }
            }
            Ok(())
        })
    })
}

#[derive(Clone)]
struct Numbered;

#[rocket::async_trait]
impl Handler for Numbered {
    async fn handle<'r>(&self, request: &'r Request<'_>, _data: Data<'r>) -> Outcome<'r> {
        let x: &str = request.param(1).and_then(Result::ok).unwrap_or("");
        Outcome::from(request, x.to_owned())
    }
}

fn main() {
    let settings = contract::settings();
    let numbered: Vec<Route> = (0..contract::numbered_routes())
        .map(|n| Route::new(Method::Get, &format!("/r{n:04}/<x>"), Numbered))
        .collect();
    let config = rocket::Config {
        address: settings.addr.ip(),
        port: settings.addr.port(),
        workers: settings.workers,
        log_level: rocket::config::LogLevel::Off,
        ..rocket::Config::release_default()
    };
    // Rocket takes the size of its runtime from the default configuration, so it gets one made to measure.
    let runtime = rocket::tokio::runtime::Builder::new_multi_thread()
        .worker_threads(settings.workers)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async move {
        let _ = rocket::custom(config)
            .mount(
                "/",
                routes![plaintext, json, user_post, inline, blocking, blocking_sleep, echo_json, echo],
            )
            .mount("/", numbered)
            .launch()
            .await;
    });
}
