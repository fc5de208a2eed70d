//! A socket that is found by its context.

use aiopyramid::prelude::*;

pub(crate) struct Root;

#[resource]
impl Root {
    async fn getitem(&self, name: &str) -> Result<Option<Table>> {
        Ok((name == "tables").then_some(Table { seats: 4 }))
    }
}

#[resource]
pub(crate) struct Table {
    seats: u32,
}

#[websocket(name = "chat")]
struct TableTalk {
    table: Context<Table>,
    rest: Subpath,
}

impl WebSocketView for TableTalk {
    async fn on_open(&mut self, ws: &mut WebSocket) -> Result<()> {
        ws.send(format!("{} seats, {}", self.table.seats, self.rest.join("/"))).await
    }

    async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
        ws.send(message).await
    }
}
