//! Sockets of every kind, which the tests of this package open.

mod policy;
mod talk;
mod tree;

use aiopyramid::prelude::*;
use aiopyramid::websocket::Rooms;

use policy::Doorman;

/// What is said comes back.
#[websocket(route = "/echo")]
async fn echo(mut ws: WebSocket) -> Result<()> {
    while let Some(message) = ws.recv().await? {
        ws.send(message).await?;
    }
    Ok(())
}

/// What the handshake said, as a function sees it.
#[websocket(route = "/seen/{number}/{word}")]
async fn seen(number: u32, mut ws: WebSocket, request: &Request, word: String) -> Result<()> {
    let agent = request.header("user-agent").unwrap_or("nobody").to_owned();
    ws.send(format!("{number} {word} {} {agent}", request.path())).await
}

/// The same as a mapper of an ordinary view.
#[view_config(route = "/mapped/{word}", mapper = websocket)]
async fn mapped(mut ws: WebSocket, word: String) -> Result<()> {
    ws.send(word).await
}

/// Ends in the way that it is told to.
#[websocket(route = "/ending")]
async fn ending(mut ws: WebSocket) -> Result<()> {
    match ws.recv_as::<String>().await?.as_deref() {
        Some("fail") => Err(aiopyramid::Error::msg("as it was told to")),
        Some("panic") => panic!("as it was told to"),
        Some("close") => ws.close(4001, "enough").await,
        Some("private") => ws.close(1005, "").await,
        Some("linger") => {
            std::future::pending::<()>().await;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Has something to do after its client has gone, and is given the time, or not.
#[websocket(route = "/finishing", on_disconnect = finish)]
async fn finishing(ws: WebSocket) {
    afterwards(ws, "finishing").await;
}

#[websocket(route = "/given-up")]
async fn given_up(ws: WebSocket) {
    afterwards(ws, "given up").await;
}

async fn afterwards(mut ws: WebSocket, who: &str) {
    let _ = ws.recv().await;
    eprintln!("{who} noticed");
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    eprintln!("{who} is done");
}

/// Small messages, of which few may wait.
#[websocket(route = "/small", message_size = 100, frame_size = 50, subprotocols("v2", "v1"))]
async fn small(mut ws: WebSocket) -> Result<()> {
    ws.send(ws.subprotocol().unwrap_or("none")).await?;
    while let Some(message) = ws.recv().await? {
        ws.send(message).await?;
    }
    Ok(())
}

/// A heart that beats fast.
#[websocket(route = "/heart", heartbeat = 1, heartbeat_timeout = 1)]
async fn heart(mut ws: WebSocket) -> Result<()> {
    while ws.recv().await?.is_some() {}
    Ok(())
}

/// Whoever is let in.
#[websocket(route = "/private", permission = "enter")]
async fn private(mut ws: WebSocket) -> Result<()> {
    ws.send("in").await
}

/// Pages of another site too.
#[websocket(route = "/open", origin("https://friend.example"))]
async fn open(mut ws: WebSocket) -> Result<()> {
    ws.send("in").await
}

/// Somebody who joins a room and says what he hears.
#[websocket(route = "/rooms/{room}/{name}", outbox = 4, slow_reader = close)]
async fn room(mut ws: WebSocket, room: String, name: String, rooms: Rooms) -> Result<()> {
    let room = rooms.room(&room);
    let _member = room.join_as(&ws, &name).await?;
    ws.send("joined").await?;
    while let Some(text) = ws.recv_as::<String>().await? {
        match text.split_once(": ") {
            Some((to, text)) => room.send_to(to, text).await?,
            None => room.broadcast(text).await?,
        }
    }
    Ok(())
}

/// Who is in a room.
#[view_config(route = "/rooms/{room}", renderer = "json")]
async fn presence(room: String, rooms: Rooms) -> Result<(usize, Vec<String>)> {
    let room = rooms.room(&room);
    Ok((room.presence().await?, room.names().await?))
}

/// A page beside all this.
#[view_config(route = "/")]
async fn home() -> &'static str {
    "home"
}

/// Sees every handshake, and leaves a trace in its answer.
#[tween]
async fn awaited(request: Request, next: Next) -> Result<Response> {
    let mut response = next.run(request).await?;
    response.headers_mut().insert("x-awaited", aiopyramid::HeaderValue::from_static("1"));
    Ok(response)
}

/// The same as a plain function.
#[tween]
fn plain(request: Request, next: BlockingNext) -> Result<Response> {
    let mut response = next.run(request)?;
    response.headers_mut().insert("x-plain", aiopyramid::HeaderValue::from_static("1"));
    Ok(response)
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.set_security_policy(Doorman);
    config.set_root_factory(|_: Request| tree::Root);
    config.add_websocket(|mut ws: WebSocket| async move { ws.send("by hand").await }).route("by_hand");
    config.add_route("by_hand", "/by-hand");
    config.scan();
    Ok(())
}
