use aiopyramid::prelude::*;

const MESSAGE: usize = 1024;

mod limits {
    pub const HEARTBEAT: u64 = 20;
}

#[websocket(
    route = "/all",
    message_size = 1 << 20,
    frame_size = 16 * MESSAGE,
    heartbeat = limits::HEARTBEAT,
    heartbeat_timeout = 5,
    subprotocols("chat.v2", "chat.v1"),
    compression = false,
    origin = any,
    outbox = 8,
    slow_reader = drop_oldest,
)]
async fn all(_: WebSocket) {}

#[websocket(route = "/some", message_size = MESSAGE, heartbeat = 0, subprotocols = "chat", origin = "https://example.com")]
async fn some(_: WebSocket) {}

#[websocket(route = "/more", origin("https://a.example", "http://localhost:8080"), slow_reader = close, compression = true)]
async fn more(_: WebSocket) {}

#[websocket(route = "/last", origin = same_host, slow_reader = wait, subprotocols = ("a", "b"), outbox = { MESSAGE / 2 })]
struct Last;

impl WebSocketView for Last {
    async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
        ws.send(message).await
    }
}

fn main() {
    let mut config = Configurator::new();
    config.scan();
    config.make_app().unwrap();
}
