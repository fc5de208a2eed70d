use aiopyramid::prelude::*;

#[websocket(route = "/1", compression = "on")]
async fn compressed(_: WebSocket) {}

#[websocket(route = "/2", slow_reader = "wait")]
async fn in_quotes(_: WebSocket) {}

#[websocket(route = "/3", slow_reader = drop)]
async fn unknown(_: WebSocket) {}

#[websocket(route = "/4", slow_reader = drop_eldest)]
async fn misspelled(_: WebSocket) {}

#[websocket(route = "/5", origin = samehost)]
async fn origin_misspelled(_: WebSocket) {}

#[websocket(route = "/6", origin = true)]
async fn origin_is_a_switch(_: WebSocket) {}

#[websocket(route = "/7", subprotocols("chat v2"))]
async fn with_a_space(_: WebSocket) {}

#[websocket(route = "/8", subprotocols = "chat.v2, chat.v1")]
async fn with_a_comma(_: WebSocket) {}

#[websocket(route = "/9", subprotocols("chat", "chat"))]
async fn twice(_: WebSocket) {}

#[websocket(route = "/10", subprotocols(chat))]
async fn without_quotes(_: WebSocket) {}

#[websocket(route = "/11", subprotocols())]
async fn none(_: WebSocket) {}

#[websocket(route = "/12", origin = "*")]
async fn all_origins(_: WebSocket) {}

#[websocket(route = "/13", origin("https://a.example/", "b.example", "wss://c.example", "https://d.example:443"))]
async fn no_origins(_: WebSocket) {}

#[websocket(route = "/14", origin = "same_host")]
async fn word_in_quotes(_: WebSocket) {}

fn main() {}
