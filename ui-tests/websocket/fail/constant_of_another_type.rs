use aiopyramid::prelude::*;

const SECONDS: u32 = 30;

#[websocket(route = "/echo", heartbeat = SECONDS)]
async fn echo(_: WebSocket) {}

fn main() {}
