//! Views that look at what a request brings, and one whose answer comes piece by piece.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use aiopyramid::Body;
use aiopyramid::prelude::*;
use bytes::Bytes;
use futures_core::Stream;
use tokio::sync::mpsc;

use crate::board::{Board, opened};

#[derive(serde::Deserialize)]
struct Order {
    name: String,
    count: u32,
    #[serde(default)]
    tag: Vec<String>,
}

impl Order {
    fn text(&self) -> String {
        format!("{} x {} {:?}", self.count, self.name, self.tag)
    }
}

#[view_config(route = "/form", request_method = "POST")]
fn form(order: Form<Order>) -> String {
    order.text()
}

#[view_config(route = "/form/coroutine", request_method = "POST")]
async fn form_in_a_coroutine(order: Form<Order>) -> String {
    order.text()
}

#[view_config(route = "/json", request_method = "POST")]
async fn json(order: Json<Order>) -> String {
    order.text()
}

#[view_config(route = "/query")]
async fn query(order: Query<Order>) -> String {
    order.text()
}

#[view_config(route = "/multipart", request_method = "POST", renderer = "json")]
fn multipart(form: Multipart) -> Vec<(String, Option<String>, usize)> {
    form.parts()
        .iter()
        .map(|part| (part.name().to_owned(), part.file_name().map(str::to_owned), part.bytes().len()))
        .collect()
}

/// The length of the body and the sum of its bytes.
fn digest(body: &[u8]) -> String {
    format!("{} {}", body.len(), body.iter().map(|byte| u64::from(*byte)).sum::<u64>())
}

#[view_config(route = "/body", request_method = "POST")]
fn body(body: Bytes) -> String {
    digest(&body)
}

#[view_config(route = "/body/coroutine", request_method = "POST")]
async fn body_in_a_coroutine(request: &Request) -> Result<String> {
    Ok(digest(&request.read_body().await?))
}

/// Never looks at the body.
#[view_config(route = "/body/ignored", request_method = "POST")]
async fn body_ignored() -> &'static str {
    "not read\n"
}

/// What the request says of itself.
#[view_config(route = "/about", renderer = "json")]
async fn about(request: &Request) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("client", request.remote_addr().map_or_else(String::new, |client| client.ip().to_string())),
        ("scheme", request.scheme().to_owned()),
        ("script_name", request.script_name().to_owned()),
        ("uri", request.uri().to_string()),
        ("host", request.host().to_owned()),
        ("method", request.method().to_string()),
        ("path", request.path().to_owned()),
        ("query", request.query_string().to_owned()),
        ("version", format!("{:?}", request.version())),
    ])
}

/// The headers of the request, those of one name with commas between.
#[view_config(route = "/headers", renderer = "json")]
async fn headers(request: &Request) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::<String, String>::new();
    for (name, value) in request.headers() {
        let value = value.to_str().unwrap_or("?");
        headers
            .entry(name.to_string())
            .and_modify(|values| *values = format!("{values},{value}"))
            .or_insert_with(|| value.to_owned());
    }
    headers
}

/// An answer of so many bytes.
#[view_config(route = "/zeros/{count}")]
async fn zeros(count: usize) -> Vec<u8> {
    vec![b'0'; count]
}

struct Pieces(mpsc::Receiver<Bytes>);

impl Stream for Pieces {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|piece| piece.map(Ok))
    }
}

/// Two pieces, the second one only after a gate has opened.
#[view_config(route = "/stream/{gate}")]
async fn stream(gate: String, board: State<Board>) -> Response {
    let (pieces, received) = mpsc::channel(1);
    tokio::spawn(async move {
        if pieces.send("first\n".into()).await.is_ok() {
            board.wait(&opened(&gate), 1).await;
            // The client may have left.
            let _ = pieces.send("second\n".into()).await;
        }
    });
    Response::text(Body::from_stream(Pieces(received)))
}
