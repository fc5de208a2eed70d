//! What the server promises to a connection that becomes something else.

use std::fmt;
use std::sync::Arc;
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
}

impl fmt::Debug for GoingAway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GoingAway").field(&self.is_going_away()).finish()
    }
}
