//! actix-web with its route macros, its own server and its own blocking pool.

use actix_web::{App, HttpRequest, HttpServer, Responder, get, post, web};
use actix_ws::Message as Frame;
use contract::{Doc, HELLO, MESSAGE};

#[get("/plaintext")]
async fn plaintext() -> impl Responder {
    HELLO
}

#[get("/json")]
async fn json() -> impl Responder {
    web::Json(MESSAGE)
}

#[get("/user/{id}/post/{slug}")]
async fn user_post(path: web::Path<(String, String)>) -> impl Responder {
    contract::user_post(&path.0, &path.1)
}

async fn numbered(path: web::Path<String>) -> impl Responder {
    path.into_inner()
}

#[get("/inline")]
async fn inline() -> impl Responder {
    contract::blocking_compute().to_string()
}

#[get("/blocking")]
async fn blocking() -> impl Responder {
    web::block(|| contract::blocking_compute().to_string()).await.unwrap()
}

#[get("/blocking-sleep")]
async fn blocking_sleep() -> impl Responder {
    web::block(|| contract::blocking_sleep().to_string()).await.unwrap()
}

#[post("/echo-json")]
async fn echo_json(doc: web::Json<Doc>) -> impl Responder {
    doc
}

#[get("/echo")]
async fn echo(req: HttpRequest, body: web::Payload) -> actix_web::Result<impl Responder> {
    let (response, mut session, mut frames) = actix_ws::handle(&req, body)?;
    actix_web::rt::spawn(async move {
        while let Some(Ok(frame)) = frames.recv().await {
            let sent = match frame {
                Frame::Text(text) => session.text(text).await,
                Frame::Binary(bytes) => session.binary(bytes).await,
                Frame::Ping(bytes) => session.pong(&bytes).await,
                Frame::Close(reason) => {
                    let _ = session.close(reason).await;
                    return;
                }
                _ => Ok(()),
            };
            if sent.is_err() {
                return;
            }
        }
    });
    Ok(response)
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let settings = contract::settings();
    HttpServer::new(|| {
        let mut app = App::new()
            .service(plaintext)
            .service(json)
            .service(user_post)
            .service(inline)
            .service(blocking)
            .service(blocking_sleep)
            .service(echo_json)
            .service(echo);
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
