use aiopyramid::prelude::*;

struct Room;

#[websocket]
impl Room {
    fn on_open(&mut self, _: &mut WebSocket) {}
}

#[websocket]
impl Clone for Room {
    fn clone(&self) -> Self {
        Self
    }
}

#[websocket(route = "/room")]
impl WebSocketView for Room {
    fn on_open(&mut self) {}

    fn on_message(&self, _: &mut WebSocket, _: Message) -> Result<()> {
        Ok(())
    }
}

fn main() {}
