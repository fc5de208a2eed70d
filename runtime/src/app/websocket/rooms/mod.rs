//! Rooms: sockets that hear the same.
//!
//! What is said in a room is encoded once, and compressed once, however many are there. By itself an application keeps its
//! rooms in its process; with a [`Broker`] a room reaches over several processes and machines, and nothing else changes.

mod broker;
mod hub;
mod letter;
mod member;
mod room;
mod turns;

use std::fmt;
use std::sync::Arc;

pub use broker::{Broker, BrokerFuture, Delivery};
pub use letter::Letter;
pub use member::Membership;
pub use room::Room;

use hub::Hub;

/// The rooms of the application: a parameter of a view, a websocket or not.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::websocket::Rooms;
///
/// #[websocket(route = "/rooms/{room}")]
/// async fn talk(mut ws: WebSocket, room: String, rooms: Rooms) -> Result<()> {
///     let room = rooms.room(&room);
///     let _member = room.join(&ws).await?;
///     while let Some(text) = ws.recv_as::<String>().await? {
///         room.broadcast(text).await?;
///     }
///     Ok(())
/// }
///
/// #[view_config(route = "/rooms/{room}/presence")]
/// async fn presence(room: String, rooms: Rooms) -> Result<String> {
///     Ok(format!("{} are here", rooms.room(&room).presence().await?))
/// }
/// ```
#[derive(Clone)]
pub struct Rooms(Arc<Hub>);

impl Rooms {
    pub(crate) fn new(broker: Option<Arc<dyn Broker>>) -> Self {
        Self(Hub::new(broker))
    }

    /// Connects to other processes, before somebody asks for a room.
    pub(crate) fn start(&self) {
        if let Some(broker) = self.0.broker() {
            broker.start();
        }
    }

    /// The room of that name. A room is there while somebody is in it; no name has to be made known before.
    pub fn room(&self, name: &str) -> Room {
        Room::new(Arc::clone(&self.0), name)
    }
}

impl Default for Rooms {
    fn default() -> Self {
        Self::new(None)
    }
}

impl fmt::Debug for Rooms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rooms").field(&self.0).finish()
    }
}
