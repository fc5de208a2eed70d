use std::rc::Rc;

use aiopyramid::prelude::*;

#[websocket(route = "/echo")]
async fn echo(mut ws: WebSocket) -> Result<()> {
    let count = Rc::new(0);
    ws.send("hello").await?;
    drop(count);
    Ok(())
}

fn main() {}
