use aiopyramid::prelude::*;

#[websocket(route = "/plain")]
struct Plain;

#[websocket]
impl WebSocketView for Plain {
    fn on_message(&mut self, _: &mut WebSocket, message: String) -> Result<()> {
        drop(message);
        Ok(())
    }
}

fn main() {}
