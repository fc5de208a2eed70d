#![allow(unused_variables)]

use aiopyramid::prelude::*;

#[websocket(route = "/plain")]
fn plain(_: WebSocket) {}

#[view_config(route = "/plain", mapper = websocket)]
fn plain_by_mapper(_: WebSocket) -> Result<()> {
    Ok(())
}

#[websocket(route = "/none/{id}")]
async fn none(_: u64) {}

#[websocket(route = "/two")]
async fn two(_: WebSocket, _: WebSocket) {}

#[websocket(route = "/borrowed")]
async fn borrowed(_: &mut WebSocket) {}

#[websocket(route = "/generic")]
async fn generic<T>(_: WebSocket) {}

#[websocket(route = "/rooms/{room}")]
async fn misnamed(_: WebSocket, rom: String) {}

fn main() {}
