//! hyper with one service function and no router: the most a framework on hyper can reach.
//! `MODEL=mt` picks the multi-thread runtime, `PIPELINE_FLUSH=1` batches the answers to pipelined requests,
//! `HEADER_TIMEOUT=1` gives hyper a timer, with which it limits how long a request head may take (30 s).

use bytes::Bytes;
use contract::{Doc, HELLO, MESSAGE};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::LazyLock;

static ROUTES: LazyLock<usize> = LazyLock::new(contract::numbered_routes);

type Answer = Response<Full<Bytes>>;

fn with_type(kind: &'static str, body: Bytes) -> Answer {
    let mut response = Response::new(Full::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn text(body: impl Into<Bytes>) -> Answer {
    with_type("text/plain; charset=utf-8", body.into())
}

fn json(value: &impl serde::Serialize) -> Answer {
    with_type("application/json", Bytes::from(serde_json::to_vec(value).unwrap()))
}

fn status(code: StatusCode) -> Answer {
    let mut response = Response::new(Full::default());
    *response.status_mut() = code;
    response
}

async fn handle(req: Request<Incoming>) -> Result<Answer, Infallible> {
    let path = req.uri().path();
    Ok(match (req.method(), path) {
        (&Method::GET, "/plaintext") => text(HELLO),
        (&Method::GET, "/json") => json(&MESSAGE),
        (&Method::GET, "/inline") => text(contract::blocking_compute().to_string()),
        (&Method::GET, "/blocking") => text(on_pool(contract::blocking_compute).await),
        (&Method::GET, "/blocking-sleep") => text(on_pool(contract::blocking_sleep).await),
        (&Method::POST, "/echo-json") => {
            let body = req.into_body().collect().await.unwrap().to_bytes();
            match serde_json::from_slice::<Doc>(&body) {
                Ok(doc) => json(&doc),
                Err(_) => status(StatusCode::BAD_REQUEST),
            }
        }
        (&Method::GET, _) => by_prefix(path).unwrap_or_else(|| status(StatusCode::NOT_FOUND)),
        _ => status(StatusCode::NOT_FOUND),
    })
}

async fn on_pool(work: fn() -> u64) -> String {
    tokio::task::spawn_blocking(move || work().to_string()).await.unwrap()
}

fn by_prefix(path: &str) -> Option<Answer> {
    if let Some(rest) = path.strip_prefix("/user/") {
        let (id, rest) = rest.split_once('/')?;
        return Some(text(contract::user_post(id, rest.strip_prefix("post/")?)));
    }
    let (number, x) = path.strip_prefix("/r")?.split_once('/')?;
    let number: usize = number.parse().ok()?;
    (number < *ROUTES).then(|| text(x.to_owned()))
}

fn main() {
    let settings = contract::settings();
    let mut builder = http1::Builder::new();
    builder.pipeline_flush(contract::env_flag("PIPELINE_FLUSH"));
    if contract::env_flag("HEADER_TIMEOUT") {
        builder.timer(TokioTimer::new());
    }
    contract::rt::run(settings.addr, settings.workers, move |listener| {
        let builder = builder.clone();
        async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let connection = builder.serve_connection(TokioIo::new(stream), service_fn(handle));
                tokio::spawn(async move {
                    let _ = connection.await;
                });
            }
        }
    });
}
