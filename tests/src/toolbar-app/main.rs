//! An application that its developer looks at with the debug toolbar.

mod counted;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use aiopyramid::prelude::*;
use aiopyramid::session::{Session, SignedCookieSessionFactory};
use aiopyramid::toolbar::Panels;
use aiopyramid::{Body, HeaderValue};
use tokio::sync::Semaphore;

use counted::CountedPanel;

const PAGE: &str = "<!DOCTYPE html><title>A page</title><body><p>Hello, and </body> in a text</p></body>";

#[view_config(route = "/page")]
async fn page() -> Response {
    tracing::info!(shelf = 7, "the page is asked for");
    Response::html(PAGE)
}

/// A page that allows next to nothing.
#[view_config(route = "/strict")]
async fn strict() -> Result<Response> {
    Response::html(PAGE).with_header("content-security-policy", "default-src 'none'; style-src 'self'")
}

/// One that comes in pieces.
#[view_config(route = "/pieces")]
async fn pieces() -> Response {
    let pieces = ["<body>one", " two</bo", "dy></html>"].map(|piece| Ok::<_, std::io::Error>(piece.into()));
    Response::html(Body::from_stream(futures_util::stream::iter(pieces)))
}

/// What only looks like a page.
#[view_config(route = "/packed")]
async fn packed() -> Result<Response> {
    Response::html("</body>").with_header("content-encoding", "gzip")
}

#[view_config(route = "/text")]
async fn text() -> &'static str {
    "</body>"
}

/// Gates that requests wait at.
#[derive(Default)]
struct Gates(Mutex<HashMap<String, Arc<Semaphore>>>);

impl Gates {
    fn gate(&self, name: &str) -> Arc<Semaphore> {
        let mut gates = self.0.lock().expect("not poisoned");
        Arc::clone(gates.entry(name.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(0))))
    }
}

#[view_config(route = "/wait/{name}")]
async fn wait(name: String, gates: State<Gates>) -> Result<Response> {
    tracing::info!("{name} has begun");
    let _passed = gates.gate(&name).acquire_owned().await?;
    tracing::warn!("{name} goes on");
    tokio::task::yield_now().await;
    tracing::info!("{name} is done");
    Ok(Response::html(PAGE))
}

#[view_config(route = "/open/{name}")]
async fn open(name: String, gates: State<Gates>) -> &'static str {
    gates.gate(&name).add_permits(1);
    "open"
}

/// Works on the processor, in a pool.
#[view_config(route = "/block")]
fn block() -> Response {
    tracing::info!("from a thread of the pool");
    let sum = (0..10_000_000_u64).fold(0, |sum, number| std::hint::black_box(sum ^ number));
    tracing::debug!(sum);
    Response::html(PAGE)
}

#[derive(Debug)]
struct Unwell(&'static str);

impl fmt::Display for Unwell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}> is unwell", self.0)
    }
}

impl std::error::Error for Unwell {}

fn check(name: &'static str) -> Result<(), Unwell> {
    Err(Unwell(name))
}

#[view_config(route = "/fail")]
async fn fail() -> Result<&'static str> {
    check("the shelf")?; // this is the line that is looked for
    Ok("well")
}

#[view_config(route = "/panic")]
async fn panic() -> &'static str {
    panic!("<nobody> expected that")
}

#[view_config(route = "/panic-in-pool")]
fn panic_in_pool() -> &'static str {
    panic!("nor that")
}

#[derive(Debug)]
struct Known;

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a known thing")
    }
}

impl std::error::Error for Known {}

#[view_config(route = "/known")]
async fn known() -> Result<&'static str> {
    Err(Known)?
}

#[exception_view_config]
async fn answer_known(_error: &Known) -> Response {
    Response::html("<body>it is known</body>")
}

#[view_config(route = "/form/{shelf}", request_method = "POST")]
async fn form(request: &Request) -> Result<Response> {
    let body = request.read_body().await?;
    Ok(Response::html(format!("<body>{}</body>", body.len())))
}

#[view_config(route = "/form/{shelf}", request_method = "PUT")]
async fn put_form() -> &'static str {
    "put"
}

#[view_config(route = "/elsewhere")]
async fn elsewhere() -> Result<Response> {
    let mut response = Response::see_other("/page")?;
    response.headers_mut().insert("set-cookie", HeaderValue::from_static("seen=secretly"));
    Ok(response)
}

/// Statements as sqlx tells of them.
#[view_config(route = "/query")]
async fn query() -> Response {
    tracing::debug!(
        target: "sqlx::query",
        summary = "SELECT name FROM shelves …",
        db.statement = "\n\nSELECT name FROM shelves WHERE number = ?\n",
        rows_affected = 0_u64,
        rows_returned = 3_u64,
        elapsed_secs = 0.0125,
    );
    Response::html(PAGE)
}

#[view_config(route = "/remember")]
async fn remember(session: Session) -> Result<Response> {
    session.insert("shelf", &7)?;
    session.insert("token", "hidden-token")?;
    Ok(Response::html(PAGE))
}

#[websocket(route = "/socket")]
async fn socket(mut socket: WebSocket) -> Result<()> {
    while let Some(message) = socket.recv().await? {
        socket.send(message).await?;
    }
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.set_session_factory(SignedCookieSessionFactory::new("for tests alone, and long enough for that"));
    config.manage(Gates::default());
    config.manage(Panels::new().with(CountedPanel::default()));
    config.scan();
    Ok(())
}
