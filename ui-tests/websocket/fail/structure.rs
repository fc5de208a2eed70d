use aiopyramid::prelude::*;

#[websocket(route = "/generic")]
struct Generic<T> {
    value: T,
}

#[websocket(route = "/borrowed")]
struct Borrowed<'a> {
    request: &'a Request,
}

#[websocket(route = "/tuple/{room}")]
struct Tuple(String, State<u8>);

#[websocket(route = "/rooms/{room}")]
struct Misnamed {
    rom: String,
}

#[websocket(route = "/socket")]
struct WithSocket {
    ws: WebSocket,
}

#[websocket(route = "/rendered", renderer = "json")]
struct Rendered;

#[websocket(route = "/default")]
struct Defaults {
    #[default = 3]
    count: usize,
}

#[websocket(route = "/static")]
struct Static {
    name: &'static str,
}

#[websocket(route = "/enum")]
enum Enumeration {
    One,
}

#[websocket]
mod module {}

fn main() {}
