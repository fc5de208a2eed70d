use aiopyramid::prelude::*;

#[websocket(route = "/echo")]
struct Echo;

impl WebSocketView for Echo {
    fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
        ws.blocking_send(message)
    }
}

fn main() {}
