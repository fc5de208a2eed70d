//! Who took over a connection, or a stream of one, and wants to know when the server is being stopped.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::task::Waker;

use super::state::ConnectionState;
use crate::protocol::upgrade::{Farewell, GoingAway, Shortcut, WriteNow};

/// Those of one connection who are to be told: one over HTTP/1.1, over HTTP/2 as many as there are streams.
#[derive(Debug, Default)]
pub(super) struct Farewells(Mutex<Vec<Weak<Listener>>>);

/// One who is to be told. While it is kept, the stream is counted as a request that is being answered.
#[derive(Debug)]
struct Listener {
    connection: Arc<ConnectionState>,
    is_stream: bool,
    task: OnceLock<Waker>,
}

impl Farewells {
    /// Tells all of them.
    pub(super) fn tell(&self) {
        let listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for listener in listeners.iter().filter_map(Weak::upgrade) {
            if let Some(task) = listener.task.get() {
                task.wake_by_ref();
            }
        }
    }

    fn enter(&self, listener: &Arc<Listener>) {
        let mut listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Where the list would have to grow, those that are gone make room.
        if listeners.len() == listeners.capacity() {
            listeners.retain(|listener| listener.strong_count() > 0);
        }
        listeners.push(Arc::downgrade(listener));
    }
}

/// What a request that may become something else is given.
pub(super) fn going_away(connection: &Arc<ConnectionState>) -> GoingAway {
    let is_stream = connection.is_http2();
    if is_stream {
        connection.keep();
    }
    let listener =
        Arc::new(Listener { connection: Arc::clone(connection), is_stream, task: OnceLock::new() });
    connection.farewells().enter(&listener);
    GoingAway::new(listener)
}

impl Farewell for Arc<Listener> {
    fn is_going_away(&self) -> bool {
        self.connection.roster().is_draining()
    }

    fn tell(&self, waker: Waker) {
        let _ = self.task.set(waker);
    }

    fn shortcut(&self) -> Option<Shortcut> {
        if self.is_stream || self.connection.is_encrypted() {
            return None;
        }
        let connection: Arc<dyn WriteNow> = Arc::clone(&self.connection) as _;
        Some(Shortcut::new(Arc::downgrade(&connection)))
    }
}

/// Nothing is taken down here: how far a connection is, only its own thread writes, and of one that was taken over nobody reads.
impl WriteNow for ConnectionState {
    fn write_now(&self, bytes: &[u8]) -> usize {
        self.socket().try_write(bytes).unwrap_or(0)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if self.is_stream {
            self.connection.end();
        }
    }
}
