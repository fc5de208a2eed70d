//! The connections of one event loop, and what they share.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;

use super::ServerConfig;
use super::clock::{Clock, Limits};
use super::connection::ConnectionState;
use super::recorder::Recorder;

/// How many connections are woken before those are let run: a request that has just arrived waits for no more, and the
/// loop's queue stays at the size that it has.
const AT_ONCE: usize = 32;

/// The connections of one event loop, and what they share.
///
/// Everything here is written by the loop's own thread only; other threads read how many connections there are. Hence atomics
/// without order, which cost no more than plain fields.
pub(super) struct Roster {
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    /// Who is told of requests, if anybody is.
    pub(super) recorder: Option<Arc<Recorder>>,
    /// A connection that ended is left in the list until the next sweep: to find it earlier would cost more than its memory,
    /// of which its socket is no part.
    list: Mutex<Vec<Weak<ConnectionState>>>,
    /// How many connections each loop has, this one at `index`.
    loads: Arc<[AtomicUsize]>,
    index: usize,
    draining: AtomicBool,
    /// Whether requests that end are counted: always where a worker has a limit of them, else in a drain.
    counting: AtomicBool,
    /// Requests that ended while they were counted.
    answered: AtomicUsize,
    /// Requests that ended since the drain began.
    finished: AtomicUsize,
    /// Told when there is a connection after there was none; shared by all loops.
    occupied: Arc<Notify>,
    /// The end of a tick.
    beat: Notify,
    emptied: Notify,
}

impl Roster {
    /// The rosters of `loops` loops.
    pub(super) fn of_all(
        config: &ServerConfig,
        loops: usize,
        recorder: Option<&Arc<Recorder>>,
    ) -> Vec<Arc<Self>> {
        let loads: Arc<[AtomicUsize]> = (0..loops).map(|_| AtomicUsize::new(0)).collect();
        let occupied = Arc::new(Notify::new());
        let new = |index| {
            let mut roster = Self::new(config, Arc::clone(&loads), index, Arc::clone(&occupied));
            roster.recorder = recorder.cloned();
            Arc::new(roster)
        };
        (0..loops).map(new).collect()
    }

    fn new(config: &ServerConfig, loads: Arc<[AtomicUsize]>, index: usize, occupied: Arc<Notify>) -> Self {
        let clock = Clock::new(config);
        Self {
            limits: Limits::new(config, &clock),
            clock,
            recorder: None,
            list: Mutex::default(),
            loads,
            index,
            draining: AtomicBool::new(false),
            counting: AtomicBool::new(config.max_requests.is_some()),
            answered: AtomicUsize::new(0),
            finished: AtomicUsize::new(0),
            occupied,
            beat: Notify::new(),
            emptied: Notify::new(),
        }
    }

    /// Enters a connection.
    pub(super) fn enter(&self, connection: &Arc<ConnectionState>) {
        if self.loads[self.index].fetch_add(1, Relaxed) == 0 {
            self.occupied.notify_one();
        }
        self.list().push(Arc::downgrade(connection));
    }

    /// Strikes out a connection that was entered; told by its state when that is dropped.
    pub(super) fn leave(&self) {
        if self.loads[self.index].fetch_sub(1, Relaxed) == 1 {
            self.emptied.notify_one();
        }
    }

    /// Whether this loop has clearly more connections than the one that has least.
    pub(super) fn is_ahead(&self) -> bool {
        let mine = self.load();
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
        self.counting.store(true, Relaxed);
    }

    /// Counts a request that ended.
    pub(super) fn finish_request(&self) {
        if self.counting.load(Relaxed) {
            self.answered.fetch_add(1, Relaxed);
            if self.is_draining() {
                self.finished.fetch_add(1, Relaxed);
            }
        }
    }

    /// How many requests ended, where they are [counted](ServerConfig::max_requests).
    #[cfg(unix)]
    pub(super) fn answered(&self) -> usize {
        self.answered.load(Relaxed)
    }

    /// How many requests ended since the drain began.
    pub(super) fn finished(&self) -> usize {
        self.finished.load(Relaxed)
    }

    /// Moves the clock and looks after every connection, at each beat.
    pub(super) async fn sweep(&self) {
        loop {
            self.beat.notified().await;
            self.turn().await;
        }
    }

    /// One turn of the sweep.
    pub(super) async fn turn(&self) {
        let now = self.clock.advance();
        let mut next = 0;
        while let Some(from) = self.look_after(next, now) {
            next = from;
            tokio::task::yield_now().await;
        }
    }

    /// Looks after the connections from the one at `next` on, and tells where to go on once those that were woken have run.
    fn look_after(&self, mut next: usize, now: u32) -> Option<usize> {
        let mut list = self.list();
        let mut woken = 0;
        while let Some(connection) = list.get(next) {
            let Some(connection) = connection.upgrade() else {
                list.swap_remove(next);
                continue;
            };
            next += 1;
            woken += usize::from(connection.look_after(now));
            if woken == AT_ONCE {
                return Some(next);
            }
        }
        None
    }

    /// Gives all loops the beat; rests while there is no connection.
    ///
    /// For a thread that is no loop's: a timer in a loop's own queue would make each of its turns ask the system for the
    /// time twice, which costs 200 instructions for every request. A loop that is held up misses beats, as it should.
    pub(super) async fn beat(rosters: &[Arc<Self>]) {
        let Some(first) = rosters.first() else { return };
        loop {
            if first.loads.iter().all(|load| load.load(Relaxed) == 0) {
                first.occupied.notified().await;
            }
            tokio::time::sleep(first.clock.period()).await;
            for roster in rosters.iter().filter(|roster| !roster.is_empty()) {
                roster.beat.notify_one();
            }
        }
    }

    /// Gives this loop a beat, whether or not it has a connection.
    pub(super) fn ask(&self) {
        self.beat.notify_one();
    }

    fn is_empty(&self) -> bool {
        self.load() == 0
    }

    /// How many connections it has.
    pub(super) fn load(&self) -> usize {
        self.loads[self.index].load(Relaxed)
    }

    /// Waits until there is no connection.
    pub(super) async fn empty(&self) {
        while !self.is_empty() {
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
