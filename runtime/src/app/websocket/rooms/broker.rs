//! What carries rooms over several processes.

use std::pin::Pin;
use std::sync::{Arc, Weak};

use super::hub::Hub;
use super::letter::Letter;
use crate::error::Result;

/// What a broker does, in the making.
pub type BrokerFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What carries rooms over several processes: a server of messages that all of them know.
///
/// The framework has one for Redis (feature `redis`, setting `websocket_rooms = redis://...`, `aiopyramid::broker::RedisBroker`); any other is set with
/// [`Configurator::set_broker`](crate::Configurator::set_broker).
///
/// A process asks only for rooms that some socket of its own is in. Letters of one room should reach all processes in the same
/// order, the one that sent them included.
pub trait Broker: Send + Sync + 'static {
    /// The application is about to be served: time to connect, and to say in the log where that cannot be done. Waits for nothing.
    fn start(&self) {}

    /// Gives the letter to every process that has a socket in the room, this one too.
    fn publish<'a>(&'a self, room: &'a str, letter: Letter) -> BrokerFuture<'a, ()>;

    /// A socket of this process comes into the room. `id` is unique in this process; `name` is that by which others know it.
    /// What is said there goes to `delivery`, the same one for every socket of the room, and once for each letter. Ready when
    /// nothing can be missed any more.
    fn join<'a>(
        &'a self,
        room: &'a str,
        id: u64,
        name: Option<&'a str>,
        delivery: Delivery,
    ) -> BrokerFuture<'a, ()>;

    /// The socket has left, or could not come in after all. Called from anywhere, and waits for nothing.
    fn leave(&self, room: &str, id: u64);

    /// The names of all who are in the room, in every process; `None` for one without a name.
    fn members<'a>(&'a self, room: &'a str) -> BrokerFuture<'a, Vec<Option<String>>>;
}

/// Where a broker hands over what has come.
#[derive(Debug, Clone)]
pub struct Delivery {
    hub: Weak<Hub>,
    room: Arc<str>,
}

impl Delivery {
    pub(super) fn new(hub: &Arc<Hub>, room: &Arc<str>) -> Self {
        Self { hub: Arc::downgrade(hub), room: Arc::clone(room) }
    }

    /// The room that it is for.
    pub fn room(&self) -> &str {
        &self.room
    }

    /// Gives a letter to the sockets of this process.
    pub fn deliver(&self, letter: Letter) {
        if let Some(hub) = self.hub.upgrade() {
            hub.deliver(&self.room, letter);
        }
    }
}
