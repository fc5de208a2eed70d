//! What others do comes to a page over a websocket: the list, drawn by the template that has drawn it on the page.

use aiopyramid::prelude::*;
use aiopyramid::websocket::Rooms;
use aiopyramid::{Template, TemplateContext, template};
use serde::Serialize;

use crate::store::Store;
use crate::task::List;

#[route("/live")]
struct Live;

/// Where all are who look at the list.
const ROOM: &str = "list";

#[derive(Serialize, TemplateContext)]
struct Drawing {
    list: List,
}

static DRAWING: Template<Drawing> = template!("templates/list.jinja2");

/// A page only listens. Where it listens too slowly, it needs none but the newest list.
#[websocket(route = Live, message_size = 1024, outbox = 1, slow_reader = drop_oldest)]
async fn look(mut ws: WebSocket, store: State<Store>, rooms: Rooms, request: &Request) -> Result<()> {
    // First in the room, then the list: so nothing is missed. Pages know the newer list by its revision.
    let _place = rooms.room(ROOM).join(&ws).await?;
    ws.send(request.render(&DRAWING, &Drawing { list: store.list().await? })?).await?;
    while ws.recv().await?.is_some() {}
    Ok(())
}

/// Shows a list that has changed to all who look at it.
pub(crate) async fn show(list: List, rooms: &Rooms, request: &Request) -> Result<()> {
    let drawing = request.render(&DRAWING, &Drawing { list })?;
    if let Err(error) = rooms.room(ROOM).broadcast(drawing).await {
        // What is in the database has been done, whether or not others can be told of it now.
        tracing::warn!("nobody could be shown the list: {error}");
    }
    Ok(())
}
