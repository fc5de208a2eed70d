use aiopyramid::prelude::*;

struct Db;

#[derive(Clone, Debug, serde::Deserialize)]
struct Command {
    word: String,
}

/// Fields are filled as parameters are, and those that are not, by what stands at them.
#[websocket(route = "/rooms/{room}")]
#[websocket(route = "/talks/{room}", subprotocols("talk"))]
#[derive(Debug)]
struct Room {
    room: String,
    db: State<Db>,
    request: Request,
    #[default]
    count: usize,
    #[default(Vec::with_capacity(8))]
    pub(crate) seen: Vec<Command>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Db")
    }
}

impl WebSocketView<Json<Command>> for Room {
    async fn on_message(&mut self, ws: &mut WebSocket, Json(command): Json<Command>) -> Result<()> {
        let _: &Db = &self.db;
        self.count += 1;
        ws.send(format!("{} {} {}", self.room, self.request.path(), command.word)).await?;
        self.seen.push(command);
        Ok(())
    }
}

/// A struct without fields.
#[websocket(route = "/echo")]
struct Echo;

impl WebSocketView for Echo {
    async fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<()> {
        ws.send(message).await
    }
}

/// Methods that are plain functions run in the executor.
#[websocket(route = "/plain/{name}")]
struct Plain {
    name: String,
}

#[websocket]
impl WebSocketView<String> for Plain {
    /// It may block.
    fn on_open(&mut self, ws: &mut WebSocket) -> Result<()> {
        ws.blocking_send(Self::greeting(&self.name))
    }

    async fn on_message(&mut self, ws: &mut WebSocket, message: String) -> Result<()> {
        ws.send(message).await
    }

    fn on_close(&mut self, close: Option<CloseFrame>) {
        drop(close);
    }
}

impl Plain {
    fn greeting(name: &str) -> String {
        format!("hello {name}")
    }
}

#[websocket(route = "/all")]
struct AllPlain;

#[websocket]
impl WebSocketView for AllPlain {
    fn on_message(&mut self, ws: &mut WebSocket, message: Message) -> Result<(), Error> {
        let Self = self;
        ws.blocking_send(message)?;
        Ok(())
    }
}

#[websocket(route = "/silent")]
struct Silent;

#[websocket]
impl aiopyramid::websocket::WebSocketView<bytes::Bytes> for Silent {
    #[expect(clippy::unused_self, reason = "an attribute of the method stays with it")]
    fn on_message(&mut self, _: &mut WebSocket, _: bytes::Bytes) {}
}

fn main() {
    let mut config = Configurator::new();
    config.scan();
    config.manage(Db);
    config.make_app().unwrap();
}
