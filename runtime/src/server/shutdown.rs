//! The stop of a server: how it is asked for, and what came of it.

use std::fmt;
use std::net::SocketAddr;
use std::ops::AddAssign;
use std::sync::Arc;

use tokio::sync::watch;

/// How far a server is on its way to the end. The order is that of time: a stage never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Accepts and answers.
    Serving,
    /// Answers what it has accepted, up to the limit of [`ServerConfig::shutdown`](super::ServerConfig::shutdown).
    Draining,
    /// Drops everything.
    Quitting,
}

/// Stops a running [`Server`](super::Server) from another thread or task, and tells who asks whether it is being stopped.
#[derive(Clone)]
pub struct ServerHandle {
    stage: watch::Sender<Stage>,
    addresses: Arc<[SocketAddr]>,
}

impl ServerHandle {
    pub(super) fn new(addresses: Arc<[SocketAddr]>) -> Self {
        Self { stage: watch::Sender::new(Stage::Serving), addresses }
    }

    /// Starts a graceful stop, as TERM does: no new connections, running requests end, then the server does.
    ///
    /// Returns at once; [`Server::run`](super::Server::run) returns when it is done.
    pub fn shutdown(&self) {
        self.advance(Stage::Draining);
    }

    /// Starts a stop that waits for nothing, as QUIT does; also after [`shutdown`](Self::shutdown), to cut it short.
    pub fn quit(&self) {
        self.advance(Stage::Quitting);
    }

    /// Whether the server is being stopped, in either way, or has ended.
    pub fn is_stopping(&self) -> bool {
        *self.stage.borrow() > Stage::Serving
    }

    /// Waits until the server is being stopped: the moment for a websocket to say 1001 and close.
    pub async fn stopping(&self) {
        let mut stage = self.stage.subscribe();
        // The sender lives in `self`, so it cannot have gone.
        let _ = stage.wait_for(|stage| *stage > Stage::Serving).await;
    }

    /// The addresses that the server listens at, in the order of the configuration.
    pub fn local_addrs(&self) -> &[SocketAddr] {
        &self.addresses
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    pub(super) fn advance(&self, to: Stage) -> bool {
        self.stage.send_if_modified(|stage| {
            let further = to > *stage;
            if further {
                *stage = to;
            }
            further
        })
    }
}

impl fmt::Debug for ServerHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerHandle")
            .field("stage", &*self.stage.borrow())
            .field("addresses", &self.addresses)
            .finish()
    }
}

/// What came of a stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Requests that ended after the stop was asked for: answered, or given up by their clients.
    pub finished: usize,
    /// Requests and upgraded connections that were still there when the time was over, and were cut.
    pub cut: usize,
}

impl AddAssign for ShutdownReport {
    fn add_assign(&mut self, other: Self) {
        self.finished += other.finished;
        self.cut += other.cut;
    }
}

impl fmt::Display for ShutdownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} finished, {} cut", self.finished, self.cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_never_goes_back() {
        let handle = ServerHandle::new(Arc::from([]));
        assert!(!handle.is_stopping());
        handle.quit();
        handle.shutdown();
        assert_eq!(*handle.subscribe().borrow(), Stage::Quitting);
        assert!(handle.is_stopping());
    }

    #[tokio::test]
    async fn stopping_ends_for_who_asks_before_and_for_who_asks_after() {
        let handle = ServerHandle::new(Arc::from([]));
        let early = tokio::spawn({
            let handle = handle.clone();
            async move { handle.stopping().await }
        });
        tokio::task::yield_now().await;
        handle.shutdown();
        early.await.unwrap();
        handle.stopping().await;
    }
}
