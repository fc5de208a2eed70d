//! The rooms of one process, and who is in them.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::broker::{Broker, Delivery};
use super::letter::Letter;
use super::member::Membership;
use super::turns::Turns;
use crate::app::websocket::{PreparedMessage, WebSocketSender};
use crate::error::Result;

/// The rooms of one process, and who is in them.
pub(super) struct Hub {
    rooms: Mutex<HashMap<Arc<str>, Arc<Occupied>>>,
    broker: Option<Arc<dyn Broker>>,
    next: AtomicU64,
}

/// A room that somebody is in.
#[derive(Default)]
struct Occupied {
    /// In the order in which they came, which is that of their numbers. Whoever says something takes the list as it is then, so
    /// that nobody who comes or leaves has to wait until all have heard it.
    members: Mutex<Arc<Vec<Member>>>,
    /// Held by whoever says something, so that all hear the same in the same order.
    turns: Mutex<Turns>,
}

#[derive(Clone)]
struct Member {
    id: u64,
    name: Option<Arc<str>>,
    socket: WebSocketSender,
}

impl Hub {
    pub(super) fn new(broker: Option<Arc<dyn Broker>>) -> Arc<Self> {
        Arc::new(Self { rooms: Mutex::default(), broker, next: AtomicU64::new(0) })
    }

    pub(super) fn broker(&self) -> Option<&dyn Broker> {
        self.broker.as_deref()
    }

    /// Lets a socket in, until the membership is dropped. So it is out again where whoever lets it in gives up waiting.
    pub(super) async fn join(
        self: &Arc<Self>,
        room: &Arc<str>,
        name: Option<Arc<str>>,
        socket: WebSocketSender,
    ) -> Result<Membership> {
        let membership = {
            // Under the lock of all rooms, so that the room is not struck out meanwhile, and members are in order.
            let mut rooms = lock(&self.rooms);
            let id = self.next.fetch_add(1, Ordering::Relaxed);
            let member = Member { id, name: name.clone(), socket };
            let occupied = rooms.entry(Arc::clone(room)).or_default();
            Arc::make_mut(&mut lock(&occupied.members)).push(member);
            Membership::new(Arc::clone(self), Arc::clone(room), id)
        };
        if let Some(broker) = self.broker() {
            broker.join(room, membership.id(), name.as_deref(), Delivery::new(self, room)).await?;
        }
        Ok(membership)
    }

    /// Lets a socket out.
    pub(super) fn leave(&self, room: &Arc<str>, id: u64) {
        let mut rooms = lock(&self.rooms);
        let Some(occupied) = rooms.get(room) else { return };
        let empty = {
            let mut members = lock(&occupied.members);
            let members = Arc::make_mut(&mut members);
            if let Ok(place) = members.binary_search_by_key(&id, |member| member.id) {
                members.remove(place);
            }
            members.is_empty()
        };
        if empty {
            rooms.remove(room);
        }
        drop(rooms);
        if let Some(broker) = self.broker() {
            broker.leave(room, id);
        }
    }

    /// Gives a letter to those sockets of this process that it is for. One that is closed, or too slow, gets nothing.
    pub(super) fn deliver(&self, room: &str, letter: Letter) {
        let Some(room) = self.occupied(room) else { return };
        let Ok(message) = PreparedMessage::new(letter.message) else { return };
        let mut turns = lock(&room.turns);
        let members = Arc::clone(&lock(&room.members));
        if let Some(to) = letter.to.as_deref() {
            for member in members.iter().filter(|member| member.name.as_deref() == Some(to)) {
                let _ = member.socket.try_send_prepared(&message);
            }
            return;
        }
        let straight = turns.next(members.len(), |place| members[place].socket.is_behind());
        for (place, member) in members.iter().enumerate() {
            let _ = if straight.is_for(place) {
                member.socket.send_straight(&message)
            } else {
                member.socket.try_send_prepared(&message)
            };
        }
    }

    /// The names of those sockets of this process that are in the room.
    pub(super) fn names(&self, room: &str) -> Vec<Option<String>> {
        let Some(members) = self.members(room) else { return Vec::new() };
        members.iter().map(|member| member.name.as_deref().map(str::to_owned)).collect()
    }

    /// How many sockets of this process are in the room.
    pub(super) fn count(&self, room: &str) -> usize {
        self.members(room).map_or(0, |members| members.len())
    }

    fn occupied(&self, room: &str) -> Option<Arc<Occupied>> {
        lock(&self.rooms).get(room).cloned()
    }

    fn members(&self, room: &str) -> Option<Arc<Vec<Member>>> {
        self.occupied(room).map(|room| Arc::clone(&lock(&room.members)))
    }
}

/// Each statement under these locks leaves a list that is in order.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("rooms", &lock(&self.rooms).len()).finish_non_exhaustive()
    }
}
