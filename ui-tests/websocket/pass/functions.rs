use aiopyramid::prelude::*;
use aiopyramid::websocket::WebSocketError;

struct Db;

#[route("/rooms/{room}/{seat}")]
struct Seat {
    room: String,
    seat: u8,
}

struct Page;

impl Resource for Page {}

#[websocket(route = "/echo")]
async fn echo(mut ws: WebSocket) -> Result<()> {
    while let Some(message) = ws.recv().await? {
        ws.send(message).await?;
    }
    Ok(())
}

/// The socket stands anywhere among the parameters, and these are bound as those of any view.
#[websocket(route = Seat, permission = "sit", is_authenticated = true)]
#[websocket(route = "/short/{room}/{seat}")]
async fn seat(room: String, mut ws: WebSocket, seat: u8, db: State<Db>, request: &Request) -> Result<()> {
    let _: &Db = &db;
    ws.send(format!("{room} {seat} {}", request.path())).await
}

/// It may return nothing, or another error.
#[websocket(route = "/nothing")]
async fn nothing(_: WebSocket) {}

#[websocket(route = "/other")]
async fn other(_: WebSocket) -> Result<(), WebSocketError> {
    Err(WebSocketError::Closed)
}

#[websocket(route = "/future")]
fn future(ws: WebSocket) -> impl Future<Output = ()> {
    async move { drop(ws) }
}

/// Found by traversal.
#[websocket]
async fn live(page: Context<Page>, ws: WebSocket) {
    drop((page, ws));
}

#[websocket(name = "changes", context = Page, on_disconnect = finish)]
async fn changes(_: aiopyramid::websocket::WebSocket) {}

#[view_config(route = "/mapper", mapper = websocket, heartbeat = 10)]
async fn by_mapper(_: WebSocket) {}

struct Chat {
    greeting: &'static str,
}

#[view_defaults(route = "/chat/{name}", renderer = "json", request_method = "GET", http_cache = 10)]
impl Chat {
    fn new() -> Self {
        Self { greeting: "hello" }
    }

    #[websocket(name = "socket", message_size = 100)]
    async fn socket(&self, name: String, mut ws: WebSocket) -> Result<()> {
        ws.send(format!("{} {name}", self.greeting)).await
    }

    #[view_config(name = "other", mapper = websocket)]
    async fn other(self, _: WebSocket) {}

    #[view_config(name = "page")]
    fn page(&self, name: String) -> String {
        name
    }
}

fn main() {
    let mut config = Configurator::new();
    config.scan();
    config.manage(Db);
    config.make_app().unwrap();
}
