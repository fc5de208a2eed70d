//! axum with `Router`, extractors and `axum::serve`. `MODEL=mt` runs it on the multi-thread runtime that
//! `#[tokio::main]` would give. `AXUM_PLAIN=1` hands the router itself to `axum::serve`, as many examples do, which
//! builds every route anew for each connection; without it `into_make_service` builds them once. `WS_READ_BUF` sets the
//! read buffer of a websocket in bytes. Files are tower-http's `ServeDir`, the page is askama's; with `TEMPLATES=minijinja` it
//! is `MiniJinja`'s, which parses its template when the program starts.
//!
//! `LAYERS` puts three layers around all routes that do no more than look at the status: `from-fn` by axum's own
//! `middleware::from_fn`, `tower` by tower's `MapResponseLayer`.
//!
//! What is said in the room is sent to one member after the other, by who has received it; with `ROOM=channel` it goes through
//! a `broadcast` channel of tokio's to a task of each member, as in axum's example of a chat.
//!
//! The tree of folders is walked by the fallback, by hand; with
//! `NESTED=1` the paths of `contract::tree` are routers, each nested in the one above.

use askama::Template;
use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use contract::{Doc, Folder, HELLO, MESSAGE, Message, Row};
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use minijinja::Environment;
use minijinja::value::Serde;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use tokio::sync::{Mutex, broadcast};
use tower::util::MapResponseLayer;
use tower_http::services::ServeDir;

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

#[derive(Template)]
#[template(path = "page.html.jinja2")]
struct Page {
    title: &'static str,
    rows: &'static [Row],
}

async fn page() -> Html<String> {
    let contract::Page { title, rows } = contract::page();
    Html(Page { title, rows }.render().unwrap())
}

async fn page_of_minijinja() -> Html<String> {
    static TEMPLATES: LazyLock<Environment<'_>> = LazyLock::new(|| {
        let mut templates = Environment::new();
        templates.add_template("page.html", include_str!("../../contract/page.html.jinja2")).unwrap();
        templates
    });
    let template = TEMPLATES.get_template("page.html").unwrap();
    Html(template.render(Serde(contract::page())).unwrap())
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

/// The sockets that are in the room: where to send, or what to send into.
#[derive(Clone)]
enum Room {
    Loop(Arc<Mutex<Vec<(u64, SplitSink<WebSocket, Frame>)>>>),
    Channel(broadcast::Sender<Frame>),
}

impl Room {
    fn new() -> Self {
        if std::env::var("ROOM").is_ok_and(|room| room == "channel") {
            Self::Channel(broadcast::channel(100).0)
        } else {
            Self::Loop(Arc::default())
        }
    }

    fn answer(self, upgrade: WebSocketUpgrade) -> Response {
        upgrade.on_upgrade(move |socket| self.take_in(socket))
    }

    async fn take_in(self, socket: WebSocket) {
        let (mut sink, mut stream) = socket.split();
        match self {
            Self::Loop(members) => {
                static NEXT: AtomicU64 = AtomicU64::new(0);
                let id = NEXT.fetch_add(1, Relaxed);
                {
                    let mut members = members.lock().await;
                    let _ = sink.send(Frame::text(contract::GREETING)).await;
                    members.push((id, sink));
                }
                while let Some(Ok(message)) = stream.next().await {
                    for (_, member) in members.lock().await.iter_mut() {
                        let _ = member.send(message.clone()).await;
                    }
                }
                members.lock().await.retain(|member| member.0 != id);
            }
            Self::Channel(all) => {
                let mut heard = all.subscribe();
                let _ = sink.send(Frame::text(contract::GREETING)).await;
                tokio::spawn(async move {
                    while let Ok(message) = heard.recv().await {
                        if sink.send(message).await.is_err() {
                            break;
                        }
                    }
                });
                while let Some(Ok(message)) = stream.next().await {
                    let _ = all.send(message);
                }
            }
        }
    }
}

async fn walk(State(root): State<Arc<Folder>>, uri: Uri) -> Result<String, StatusCode> {
    let mut folder = root;
    for name in uri.path().split('/').filter(|name| !name.is_empty()) {
        folder = folder.folders.get(name).cloned().ok_or(StatusCode::NOT_FOUND)?;
    }
    Ok(folder.name.clone())
}

/// A router for what is in a folder, and what is in that.
fn nested(folder: &Folder) -> Router {
    folder.folders.values().fold(Router::new(), |router, folder| {
        let name = folder.name.clone();
        let here = get(move || async move { name });
        let path = format!("/{}", folder.name);
        if folder.folders.is_empty() {
            router.route(&path, here)
        } else {
            router.nest(&path, nested(folder).route("/", here))
        }
    })
}

async fn seen(request: Request, next: Next) -> Response {
    seen_by_layer(next.run(request).await)
}

fn seen_by_layer(response: Response) -> Response {
    black_box(response.status());
    response
}

fn app() -> Router {
    let room = Room::new();
    let mut router = Router::new()
        .route("/plaintext", get(plaintext))
        .route("/json", get(json))
        .route("/user/{id}/post/{slug}", get(user_post))
        .route("/inline", get(inline))
        .route("/blocking", get(blocking))
        .route("/blocking-sleep", get(blocking_sleep))
        .route("/echo-json", post(echo_json))
        .route("/echo", get(echo))
        .route("/room", get(move |upgrade| async move { room.answer(upgrade) }));
    router = if std::env::var("TEMPLATES").is_ok_and(|engine| engine == "minijinja") {
        router.route("/page", get(page_of_minijinja))
    } else {
        router.route("/page", get(page))
    };
    if let Some(folder) = contract::files() {
        router = router.nest_service("/files", ServeDir::new(folder));
    }
    for n in 0..contract::numbered_routes() {
        router = router.route(&format!("/r{n:04}/{{x}}"), get(numbered));
    }
    let tree = contract::tree();
    router = if contract::env_flag("NESTED") {
        router.merge(nested(&tree))
    } else {
        router.merge(Router::new().fallback(walk).with_state(tree))
    };
    match std::env::var("LAYERS").unwrap_or_default().as_str() {
        "from-fn" => router.layer(from_fn(seen)).layer(from_fn(seen)).layer(from_fn(seen)),
        "tower" => {
            let layer = MapResponseLayer::new(seen_by_layer);
            router.layer(layer.clone()).layer(layer.clone()).layer(layer)
        }
        _ => router,
    }
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
