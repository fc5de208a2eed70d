//! Structs whose methods are called.

use std::thread;

use aiopyramid::prelude::*;

/// Coroutines.
#[websocket(route = "/talk/{name}")]
struct Talk {
    name: String,
    said: Query<Said>,
}

#[derive(serde::Deserialize)]
struct Said {
    #[serde(default)]
    before: String,
}

impl WebSocketView for Talk {
    async fn on_open(&mut self, ws: &mut WebSocket) -> Result<()> {
        ws.send(format!("welcome {} {}", self.name, self.said.before)).await
    }

    async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
        match message.to_text() {
            Ok("fail") => Err(aiopyramid::Error::msg("as it was told to")),
            _ => ws.send(message).await,
        }
    }

    async fn on_close(&mut self, close: Option<CloseFrame>) {
        let code = close.map_or(0, |close| close.code.into());
        eprintln!("{} closed with {code}", self.name);
    }
}

/// Plain functions, which may block.
#[websocket(route = "/blocking/{name}")]
struct Blocking {
    name: String,
}

#[websocket]
impl WebSocketView for Blocking {
    fn on_open(&mut self, ws: &mut WebSocket) -> Result<()> {
        let thread = thread::current().name().unwrap_or_default().to_owned();
        ws.blocking_send(format!("{} in {thread}", self.name))
    }

    async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
        let thread = thread::current().name().unwrap_or_default().to_owned();
        ws.send(format!("{} in {thread}", message.to_text()?)).await
    }

    fn on_close(&mut self, close: Option<CloseFrame>) {
        let thread = thread::current().name().unwrap_or_default().to_owned();
        eprintln!("{} closed with {} in {thread}", self.name, close.map_or(0, |close| close.code.into()));
    }
}

/// Messages of a type.
#[websocket(route = "/sums")]
struct Sums {
    total: Total,
}

/// Made from the handshake by an extractor of its own.
struct Total(i64);

impl FromRequest for Total {
    async fn from_request(request: &Request) -> Result<Self> {
        Ok(Self(request.query_string().parse().unwrap_or(0)))
    }
}

impl WebSocketView<Json<Vec<i64>>> for Sums {
    async fn on_message(&mut self, ws: &mut WebSocket, numbers: Json<Vec<i64>>) -> Result<()> {
        self.total.0 += numbers.iter().sum::<i64>();
        ws.send(Json(self.total.0)).await
    }
}
