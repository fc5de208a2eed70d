//! What is said comes back: a websocket as a struct whose methods are called.
//!
//! Run with `cargo run -p websocket-struct`, look at <http://127.0.0.1:6543/>. The same as a function: the example
//! `websocket-function`.

use aiopyramid::prelude::*;

/// The socket of one client.
#[websocket(route = "/echo")]
struct Echo {
    /// How much it has said so far.
    #[default]
    messages: usize,
}

impl WebSocketView for Echo {
    async fn on_open(&mut self, _: &mut WebSocket) -> Result<()> {
        tracing::info!("somebody has come");
        Ok(())
    }

    async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
        self.messages += 1;
        ws.send(message).await
    }

    async fn on_close(&mut self, _: Option<CloseFrame>) {
        tracing::info!("somebody has gone after {} messages", self.messages);
    }
}

#[view_config(route = "/")]
async fn page() -> Response {
    Response::html(include_str!("page.html"))
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.scan();
    Ok(())
}

#[cfg(test)]
mod tests {
    use aiopyramid::prelude::*;
    use aiopyramid::testing::Client;

    #[aiopyramid::test]
    async fn text_comes_back_as_text_and_bytes_as_bytes(client: Client) {
        let mut socket = client.websocket("/echo").await.expect("an open socket");
        socket.send("hällo").await;
        assert_eq!(socket.recv().await, Some(Message::text("hällo")));
        socket.send(vec![0, 255]).await;
        assert_eq!(socket.recv().await, Some(Message::binary(vec![0, 255])));
        socket.close(1000, "").await;
        assert_eq!(socket.closed().await.0, 1000);
    }

    #[aiopyramid::test]
    async fn who_does_not_want_a_socket_is_told_so(client: Client) {
        assert_eq!(client.get("/echo").await.status(), 426);
    }

    #[aiopyramid::test]
    async fn the_page_has_an_end(client: Client) {
        assert!(client.get("/").await.text().contains("</body>"));
    }
}
