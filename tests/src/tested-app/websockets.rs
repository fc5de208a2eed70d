//! Views that go on after the handshake.

use aiopyramid::prelude::*;

/// Sends back what it gets.
#[websocket(route = "/echo")]
async fn echo(mut ws: WebSocket) -> Result<()> {
    while let Some(message) = ws.recv().await? {
        ws.send(message).await?;
    }
    Ok(())
}
