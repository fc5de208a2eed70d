//! aiopyramid as its guide uses it: annotated functions, the entry macro, every limit and timeout at its default.
//!
//! `TWEENS` puts three tweens around everything that do no more than look at the status: `async` functions, `plain` ones, or
//! `layers` of tower's. Every path that no route is for leads through the folders of `contract::tree`.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use aiopyramid::Body;
use aiopyramid::prelude::*;
use aiopyramid::tween::LayerTween;
use aiopyramid::websocket::Rooms;
use contract::{Doc, HELLO, MESSAGE, Message, Page};
use tower::util::MapResponseLayer;

#[view_config(route = "/plaintext")]
async fn plaintext() -> &'static str {
    HELLO
}

#[view_config(route = "/json", renderer = "json")]
async fn json() -> Message {
    MESSAGE
}

#[view_config(route = "/user/{id}/post/{slug}")]
async fn user_post(id: String, slug: String) -> String {
    contract::user_post(&id, &slug)
}

#[view_config(route = "/inline", mapper = inline)]
fn inline() -> String {
    contract::blocking_compute().to_string()
}

#[view_config(route = "/blocking")]
fn blocking() -> String {
    contract::blocking_compute().to_string()
}

#[view_config(route = "/blocking-sleep")]
fn blocking_sleep() -> String {
    contract::blocking_sleep().to_string()
}

#[view_config(route = "/echo-json", request_method = "POST")]
async fn echo_json(doc: Json<Doc>) -> Json<Doc> {
    doc
}

#[view_config(route = "/page", renderer = "../contract/page.html.jinja2")]
async fn page() -> Page {
    contract::page()
}

#[websocket(route = "/echo")]
async fn ws(mut ws: WebSocket) -> Result<()> {
    while let Some(message) = ws.recv().await? {
        ws.send(message).await?;
    }
    Ok(())
}

#[websocket(route = "/room")]
async fn room(mut ws: WebSocket, rooms: Rooms) -> Result<()> {
    let room = rooms.room("room");
    let _member = room.join(&ws).await?;
    ws.send(contract::GREETING).await?;
    while let Some(message) = ws.recv().await? {
        room.broadcast(message).await?;
    }
    Ok(())
}

/// A folder of the tree as a resource.
struct Folder {
    name: String,
    folders: HashMap<String, Arc<Folder>>,
}

#[resource]
impl Folder {
    fn getitem(&self, name: &str) -> Option<Arc<Folder>> {
        self.folders.get(name).cloned()
    }
}

impl Folder {
    fn of(folder: &contract::Folder) -> Arc<Self> {
        let folders = folder.folders.iter().map(|(name, folder)| (name.clone(), Self::of(folder))).collect();
        Arc::new(Self { name: folder.name.clone(), folders })
    }
}

#[view_config]
async fn folder(Context(folder): Context<Folder>) -> String {
    folder.name.clone()
}

async fn awaited(request: Request, next: Next) -> Result<Response> {
    next.run(request).await.map(seen)
}

fn plain(request: Request, next: BlockingNext) -> Result<Response> {
    next.run(request).map(seen)
}

/// What a tween does with a response here.
fn seen(response: Response) -> Response {
    black_box(response.status());
    response
}

fn seen_by_layer(response: http::Response<Body>) -> http::Response<Body> {
    black_box(response.status());
    response
}

async fn numbered(values: Matchdict) -> String {
    values.get("x").unwrap_or_default().to_owned()
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    let settings = contract::settings();
    config.set_default("listen", settings.addr).set_default("loops", settings.workers);
    if let Some(folder) = contract::files() {
        config.add_static_view("files", folder);
    }
    for n in 0..contract::numbered_routes() {
        config.add_route(format!("r{n:04}"), format!("/r{n:04}/{{x}}"));
        config.add_view(numbered).route(format!("r{n:04}"));
    }
    let tweens = std::env::var("TWEENS").unwrap_or_default();
    for place in ["outer", "middle", "inner"] {
        match tweens.as_str() {
            "async" => config.add_tween(awaited).name(place),
            "plain" => config.add_tween(plain).name(place),
            "layers" => config.add_tween(LayerTween::new(MapResponseLayer::new(seen_by_layer))).name(place),
            _ => break,
        };
    }
    let root = Folder::of(&contract::tree());
    config.set_root_factory(move |_| Arc::clone(&root));
    config.scan();
    Ok(())
}
