//! salvo with its handler macro and its own server.

use contract::{Doc, HELLO, MESSAGE, Message};
use salvo::conn::tcp::TcpAcceptor;
use salvo::prelude::*;
use salvo::websocket::WebSocketUpgrade;

#[handler]
async fn plaintext() -> &'static str {
    HELLO
}

#[handler]
async fn json() -> Json<Message> {
    Json(MESSAGE)
}

#[handler]
async fn user_post(req: &mut Request) -> String {
    let id: &str = req.param("id").unwrap_or_default();
    let slug: &str = req.param("slug").unwrap_or_default();
    contract::user_post(id, slug)
}

#[handler]
async fn numbered(req: &mut Request) -> String {
    req.param("x").unwrap_or_default()
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
async fn echo_json(req: &mut Request) -> Result<Json<Doc>, StatusError> {
    req.parse_json::<Doc>().await.map(Json).map_err(|_| StatusError::bad_request())
}

#[handler]
async fn echo(req: &mut Request, res: &mut Response) -> Result<(), StatusError> {
    WebSocketUpgrade::new()
        .upgrade(req, res, |mut socket| async move {
            while let Some(Ok(message)) = socket.recv().await {
                if (message.is_text() || message.is_binary()) && socket.send(message).await.is_err() {
                    break;
                }
            }
        })
        .await
}

fn app() -> Router {
    let mut router = Router::new()
        .push(Router::with_path("plaintext").get(plaintext))
        .push(Router::with_path("json").get(json))
        .push(Router::with_path("user/{id}/post/{slug}").get(user_post))
        .push(Router::with_path("inline").get(inline))
        .push(Router::with_path("blocking").get(blocking))
        .push(Router::with_path("blocking-sleep").get(blocking_sleep))
        .push(Router::with_path("echo-json").post(echo_json))
        .push(Router::with_path("echo").get(echo));
    for n in 0..contract::numbered_routes() {
        router = router.push(Router::with_path(format!("r{n:04}/{{x}}")).get(numbered));
    }
    router
}

fn main() {
    let settings = contract::settings();
    contract::rt::run(settings.addr, settings.workers, move |listener| async move {
        let acceptor = TcpAcceptor::try_from(listener).unwrap();
        Server::new(acceptor).serve(app()).await;
    });
}
