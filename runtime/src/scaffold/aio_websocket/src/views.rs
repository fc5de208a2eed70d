//! The page, and the socket that it talks to.

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

/// What the template of the page has to know. That it asks for nothing else is checked when the
/// program is compiled.
#[derive(Serialize, TemplateContext)]
struct HomePage {
    project: &'static str,
}

/// The page. It opens the socket below its own address, whatever that is, and encrypted where the
/// page is.
#[view_config(route = "/", renderer = "templates/home.jinja2")]
async fn home() -> HomePage {
    HomePage {
        project: env!("CARGO_PKG_NAME"),
    }
}

/// What is said comes back, until the client closes.
#[websocket(route = "/echo")]
async fn echo(mut ws: WebSocket) -> Result<()> {
    while let Some(message) = ws.recv().await? {
        ws.send(message).await?;
    }
    Ok(())
}
