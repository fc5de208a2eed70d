use aiopyramid::prelude::*;

#[websocket(route = "/1")]
async fn returns_a_text(_: WebSocket) -> String {
    String::new()
}

#[websocket(route = "/2")]
async fn returns_a_result_of_a_text(_: WebSocket) -> Result<String> {
    Ok(String::new())
}

#[websocket(route = "/3")]
struct Plain;

#[websocket]
impl WebSocketView for Plain {
    fn on_message(&mut self, _: &mut WebSocket, _: Message) -> Result<u8> {
        Ok(1)
    }
}

fn main() {}
