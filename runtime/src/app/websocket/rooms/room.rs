//! One room.

use std::fmt;
use std::sync::Arc;

use super::hub::Hub;
use super::letter::Letter;
use super::member::Membership;
use crate::app::websocket::{IntoMessage, WebSocket};
use crate::error::Result;

/// One room: whoever has it can say something there, without being in it.
#[derive(Clone)]
pub struct Room {
    hub: Arc<Hub>,
    name: Arc<str>,
}

impl Room {
    pub(super) fn new(hub: Arc<Hub>, name: &str) -> Self {
        Self { hub, name: Arc::from(name) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Lets a socket in, until the membership is dropped. From now on it gets what is said here.
    ///
    /// # Errors
    /// Those of the [`Broker`](super::Broker); without one, none.
    pub async fn join(&self, socket: &WebSocket) -> Result<Membership> {
        self.enter(socket, None).await
    }

    /// As [`join`](Self::join), under a name by which others can [send to it](Self::send_to). Several may have the same: one
    /// person with two windows.
    ///
    /// # Errors
    /// As there.
    pub async fn join_as(&self, socket: &WebSocket, name: &str) -> Result<Membership> {
        self.enter(socket, Some(Arc::from(name))).await
    }

    async fn enter(&self, socket: &WebSocket, name: Option<Arc<str>>) -> Result<Membership> {
        self.hub.join(&self.name, name, socket.sender()).await
    }

    /// Sends a message to all who are in the room. It is encoded once. What becomes of a client that reads too slowly, its view
    /// has settled (`slow_reader`); nobody waits for it.
    ///
    /// # Errors
    /// Where no message can be made of the value, and those of the [`Broker`](super::Broker).
    pub async fn broadcast(&self, message: impl IntoMessage) -> Result<()> {
        self.send(Letter::new(None, message)?).await
    }

    /// Sends a message to whoever is in the room under that name.
    ///
    /// # Errors
    /// As [`broadcast`](Self::broadcast).
    pub async fn send_to(&self, name: &str, message: impl IntoMessage) -> Result<()> {
        self.send(Letter::new(Some(name), message)?).await
    }

    async fn send(&self, letter: Letter) -> Result<()> {
        if let Some(broker) = self.hub.broker() {
            return broker.publish(&self.name, letter).await;
        }
        self.hub.deliver(&self.name, letter);
        Ok(())
    }

    /// How many sockets are in the room, in all processes.
    ///
    /// # Errors
    /// Those of the [`Broker`](super::Broker); without one, none.
    pub async fn presence(&self) -> Result<usize> {
        match self.hub.broker() {
            Some(broker) => Ok(broker.members(&self.name).await?.len()),
            None => Ok(self.hub.count(&self.name)),
        }
    }

    /// The names of all who are in the room under one, in all processes, in order and each once.
    ///
    /// # Errors
    /// As [`presence`](Self::presence).
    pub async fn names(&self) -> Result<Vec<String>> {
        let names = match self.hub.broker() {
            Some(broker) => broker.members(&self.name).await?,
            None => self.hub.names(&self.name),
        };
        let mut names: Vec<_> = names.into_iter().flatten().collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Room").field(&self.name).finish()
    }
}
