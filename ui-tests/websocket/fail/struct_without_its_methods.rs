use aiopyramid::prelude::*;

#[websocket(route = "/rooms/{room}")]
struct Room {
    room: String,
}

fn main() {}
