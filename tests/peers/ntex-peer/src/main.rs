//! ntex on its tokio runtime, with its route macros.

#![allow(missing_docs, reason = "the route macros leave public structs")]

use contract::{Doc, HELLO, MESSAGE};
use ntex::web::{self, App, HttpServer};

#[web::get("/plaintext")]
async fn plaintext() -> &'static str {
    HELLO
}

#[web::get("/json")]
async fn json() -> web::HttpResponse {
    web::HttpResponse::Ok().json(&MESSAGE)
}

#[web::get("/user/{id}/post/{slug}")]
async fn user_post(path: web::types::Path<(String, String)>) -> String {
    contract::user_post(&path.0, &path.1)
}

async fn numbered(path: web::types::Path<String>) -> String {
    path.into_inner()
}

#[web::get("/inline")]
async fn inline() -> String {
    contract::blocking_compute().to_string()
}

#[web::get("/blocking")]
async fn blocking() -> String {
    web::block(|| Ok::<_, std::convert::Infallible>(contract::blocking_compute().to_string())).await.unwrap()
}

#[web::get("/blocking-sleep")]
async fn blocking_sleep() -> String {
    web::block(|| Ok::<_, std::convert::Infallible>(contract::blocking_sleep().to_string())).await.unwrap()
}

#[web::post("/echo-json")]
async fn echo_json(doc: web::types::Json<Doc>) -> web::HttpResponse {
    web::HttpResponse::Ok().json(&doc.into_inner())
}

#[ntex::main]
async fn main() -> std::io::Result<()> {
    let settings = contract::settings();
    HttpServer::new(async || {
        let mut app =
            App::new().service((plaintext, json, user_post, inline, blocking, blocking_sleep, echo_json));
        for n in 0..contract::numbered_routes() {
            app = app.route(&format!("/r{n:04}/{{x}}"), web::get().to(numbered));
        }
        app
    })
    .workers(settings.workers)
    .backlog(4096)
    .bind(settings.addr)?
    .run()
    .await
}
