use aiopyramid::prelude::*;

#[websocket(route = "/1", heartbeat = -1)]
async fn negative(_: WebSocket) {}

#[websocket(route = "/2", heartbeat = "30s")]
async fn in_quotes(_: WebSocket) {}

#[websocket(route = "/3", heartbeat = 2.5)]
async fn of_parts(_: WebSocket) {}

#[websocket(route = "/4", heartbeat = false)]
async fn switched(_: WebSocket) {}

#[websocket(route = "/5", heartbeat_timeout = 0)]
async fn at_once(_: WebSocket) {}

#[websocket(route = "/6", message_size = 0)]
async fn nothing(_: WebSocket) {}

#[websocket(route = "/7", outbox = 64usize)]
async fn with_its_type(_: WebSocket) {}

#[websocket(route = "/8", frame_size = (1, 2))]
async fn several(_: WebSocket) {}

#[websocket(route = "/9", message_size = 99999999999)]
async fn too_large(_: WebSocket) {}

#[websocket(route = "/10", heartbeat(30))]
async fn in_parentheses(_: WebSocket) {}

fn main() {}
