//! A socket in a room.

use std::fmt;
use std::sync::Arc;

use super::hub::Hub;

/// That a socket is in a room. It leaves when this is dropped: at the end of the view at the latest, if the view keeps it.
#[must_use = "the socket leaves the room when this is dropped"]
pub struct Membership {
    hub: Arc<Hub>,
    room: Arc<str>,
    id: u64,
}

impl Membership {
    pub(super) fn new(hub: Arc<Hub>, room: Arc<str>, id: u64) -> Self {
        Self { hub, room, id }
    }

    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// The name of the room.
    pub fn room(&self) -> &str {
        &self.room
    }

    /// Leaves the room, as dropping this does.
    pub fn leave(self) {}
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.hub.leave(&self.room, self.id);
    }
}

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Membership").field("room", &self.room).finish_non_exhaustive()
    }
}
