use aiopyramid::prelude::*;

#[view_config(route = "/owned")]
async fn owned(_: WebSocket) {}

#[view_config(route = "/borrowed")]
async fn borrowed(_: &mut WebSocket) {}

#[view_config(route = "/settled", heartbeat = 10)]
async fn settled() {}

#[notfound_view_config]
async fn of_errors(_: WebSocket) {}

#[notfound_view_config(mapper = websocket)]
async fn mapped(_: &HttpException) {}

#[notfound_view_config(heartbeat = 3)]
async fn settled_for_errors() {}

fn main() {}
