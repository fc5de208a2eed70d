use aiopyramid::prelude::*;

struct Own;

#[websocket(route = "/room")]
struct Room {
    own: Own,
}

impl WebSocketView for Room {
    async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
        ws.send(message).await
    }
}

fn main() {}
