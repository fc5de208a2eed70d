//! The connections of one event loop, and what they share.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;

use super::ServerConfig;
use super::clock::{Clock, Limits};
use super::connection::ConnectionState;

/// The connections of one event loop, and what they share.
///
/// Everything here is written by the loop's own thread only; other threads read how many connections there are. Hence atomics
/// without order, which cost no more than plain fields.
pub(super) struct Roster {
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    /// A connection that ended is left in the list until the next sweep: to find it earlier would cost more than its memory,
    /// of which its socket is no part.
    list: Mutex<Vec<Weak<ConnectionState>>>,
    /// How many connections each loop has, this one at `index`.
    loads: Arc<[AtomicUsize]>,
    index: usize,
    draining: AtomicBool,
    /// Requests that ended since the drain began.
    finished: AtomicUsize,
    occupied: Notify,
    emptied: Notify,
}

impl Roster {
    pub(super) fn new(config: &ServerConfig, loads: Arc<[AtomicUsize]>, index: usize) -> Self {
        let clock = Clock::new(config);
        Self {
            limits: Limits::new(config, &clock),
            clock,
            list: Mutex::default(),
            loads,
            index,
            draining: AtomicBool::new(false),
            finished: AtomicUsize::new(0),
            occupied: Notify::new(),
            emptied: Notify::new(),
        }
    }

    /// Enters a connection.
    pub(super) fn enter(&self, connection: &Arc<ConnectionState>) {
        self.loads[self.index].fetch_add(1, Relaxed);
        let mut list = self.list();
        if list.is_empty() {
            self.occupied.notify_one();
        }
        list.push(Arc::downgrade(connection));
    }

    /// Strikes out a connection that was entered; told by its state when that is dropped.
    pub(super) fn leave(&self) {
        if self.loads[self.index].fetch_sub(1, Relaxed) == 1 {
            self.emptied.notify_one();
        }
    }

    /// Whether this loop has clearly more connections than the one that has least.
    pub(super) fn is_ahead(&self) -> bool {
        let mine = self.loads[self.index].load(Relaxed);
        let least = self.loads.iter().map(|load| load.load(Relaxed)).min().unwrap_or(mine);
        mine > least + 4 + least / 8
    }

    /// Whether the server is being stopped.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Relaxed)
    }

    /// Says that the server is being stopped.
    pub(super) fn drain(&self) {
        self.draining.store(true, Relaxed);
    }

    /// Counts a request that ended.
    pub(super) fn finish_request(&self) {
        if self.is_draining() {
            self.finished.fetch_add(1, Relaxed);
        }
    }

    /// How many requests ended since the drain began.
    pub(super) fn finished(&self) -> usize {
        self.finished.load(Relaxed)
    }

    /// Moves the clock and looks after every connection at each tick; sleeps while there is none.
    pub(super) async fn sweep(&self) {
        loop {
            if self.list().is_empty() {
                self.occupied.notified().await;
                continue;
            }
            tokio::time::sleep(self.clock.period()).await;
            let now = self.clock.advance();
            self.each(|connection| connection.look_after(now));
        }
    }

    /// Waits until there is no connection.
    pub(super) async fn empty(&self) {
        while self.loads[self.index].load(Relaxed) > 0 {
            self.emptied.notified().await;
        }
    }

    /// Ends every connection and tells how many requests and upgraded connections that cut.
    pub(super) fn cut(&self) -> usize {
        let mut cut = 0;
        self.each(|connection| cut += connection.cut());
        cut
    }

    fn each(&self, mut visit: impl FnMut(&ConnectionState)) {
        self.list().retain(|connection| match connection.upgrade() {
            Some(connection) => {
                visit(&connection);
                true
            }
            None => false,
        });
    }

    fn list(&self) -> MutexGuard<'_, Vec<Weak<ConnectionState>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roster").field("index", &self.index).finish_non_exhaustive()
    }
}
