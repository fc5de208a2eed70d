//! An application that sends back what comes: what conformance suites talk to.

use aiopyramid::prelude::*;

// Room for the largest message of the Autobahn suite, of 16 MiB.
#[websocket(route = "/", message_size = 16 << 20)]
async fn echo(mut ws: WebSocket) -> Result<()> {
    while let Some(message) = ws.recv().await? {
        ws.send(message).await?;
    }
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.scan();
    Ok(())
}
