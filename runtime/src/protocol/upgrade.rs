//! What the server promises to a connection that becomes something else.

use std::fmt;
use std::sync::{Arc, Weak};
use std::task::Waker;

/// Tells who took over a connection, by an upgrade, when the server is being stopped. It is found among the extensions of the
/// request that asked for the upgrade.
///
/// While it is kept, the server counts the connection among those that it waits for.
#[derive(Clone)]
pub(crate) struct GoingAway(Arc<dyn Farewell>);

/// Marks the answer by which a connection becomes something else, among its extensions. Without it a success is only an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenedMark;

/// Who knows whether the server is being stopped.
pub(crate) trait Farewell: Send + Sync {
    /// Whether it is.
    fn is_going_away(&self) -> bool;

    /// Has `waker` woken when it is.
    fn tell(&self, waker: Waker);

    /// The shortcut to the socket, where what is sent goes to it as it is.
    fn shortcut(&self) -> Option<Shortcut>;
}

/// Writes to the socket of a connection that somebody took over, from anywhere and without its task. It keeps nothing: when the
/// connection is gone, it leads nowhere.
///
/// Only for one who knows that nothing else is being written.
#[derive(Clone)]
pub(crate) struct Shortcut(Weak<dyn WriteNow>);

/// What can be written to without waiting.
pub(crate) trait WriteNow: Send + Sync {
    /// Writes as much as is taken now, and tells how many bytes that is. What is wrong with the connection, its task finds out.
    fn write_now(&self, bytes: &[u8]) -> usize;
}

impl Shortcut {
    pub(crate) fn new(socket: Weak<dyn WriteNow>) -> Self {
        Self(socket)
    }

    /// Writes as much as is taken now, and tells how many bytes that is.
    pub(crate) fn write(&self, bytes: &[u8]) -> usize {
        self.0.upgrade().map_or(0, |socket| socket.write_now(bytes))
    }
}

impl fmt::Debug for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shortcut").field(&(self.0.strong_count() > 0)).finish()
    }
}

impl GoingAway {
    pub(crate) fn new(farewell: impl Farewell + 'static) -> Self {
        Self(Arc::new(farewell))
    }

    /// Whether the server is being stopped.
    pub(crate) fn is_going_away(&self) -> bool {
        self.0.is_going_away()
    }

    /// Has `waker` woken when the server is being stopped; said once.
    pub(crate) fn tell(&self, waker: Waker) {
        self.0.tell(waker);
    }

    /// The shortcut to the socket, where what is sent goes to it as it is: not inside TLS or a stream of HTTP/2.
    pub(crate) fn shortcut(&self) -> Option<Shortcut> {
        self.0.shortcut()
    }
}

impl fmt::Debug for GoingAway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GoingAway").field(&self.is_going_away()).finish()
    }
}
