use aiopyramid::prelude::*;

#[websocket(route = "/misspelled", hartbeat = 3)]
async fn misspelled(_: WebSocket) {}

#[view_config(route = "/misspelled", mapper = websocket, hartbeat = 3)]
async fn misspelled_by_mapper(_: WebSocket) {}

#[websocket(route = "/unknown", colour = "red")]
async fn unknown(_: WebSocket) {}

#[websocket(route = "/twice", outbox = 1, outbox = 2)]
async fn twice(_: WebSocket) {}

#[websocket(route = "/mapper", mapper = coroutine)]
async fn mapper(_: WebSocket) {}

#[websocket(route = "/renderer", renderer = "json")]
async fn renderer(_: WebSocket) {}

#[websocket(route = "/cached", http_cache = 30)]
async fn cached(_: WebSocket) {}

#[websocket(route = "/method", request_method = "GET")]
async fn method(_: WebSocket) {}

#[websocket(route = "/method", not(request_method = "POST"))]
async fn negated(_: WebSocket) {}

#[view_config(route = "/by_mapper", mapper = websocket, renderer = "json", http_cache = 30, request_method = "GET")]
async fn by_mapper(_: WebSocket) {}

#[websocket(route = "/csrf", require_csrf = true)]
async fn csrf(_: WebSocket) {}

#[websocket("/pattern")]
async fn pattern(_: WebSocket) {}

#[websocket(route = "/empty", heartbeat)]
async fn empty(_: WebSocket) {}

#[websocket(route = "/twice", outbox = 1 outbox = 2)]
async fn no_comma(_: WebSocket) {}

fn main() {}
