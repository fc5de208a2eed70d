//! How an executor ends: what becomes of work that has not begun, and what is reported.

use std::ops::AddAssign;

/// What a shutdown does with work that is queued and has not begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unstarted {
    /// Runs it, as long as the time lasts.
    #[default]
    Finish,
    /// Drops it at once: whoever waits gets [`ExecutorError::Dropped`](super::ExecutorError::Dropped). Work that a running
    /// job waits for is finished all the same.
    Drop,
}

/// What [`Executor::shutdown`](super::Executor::shutdown) found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Jobs that ended after the shutdown had begun.
    pub finished: usize,
    /// Jobs that were queued and never began.
    pub dropped: usize,
    /// Jobs that were still running when time was up.
    pub abandoned_jobs: usize,
    /// Threads that had not ended when time was up.
    pub abandoned_threads: usize,
}

impl ShutdownReport {
    /// Whether every job was finished and every thread ended.
    pub fn is_clean(&self) -> bool {
        self.dropped == 0 && self.abandoned_jobs == 0 && self.abandoned_threads == 0
    }
}

impl AddAssign for ShutdownReport {
    fn add_assign(&mut self, other: Self) {
        self.finished += other.finished;
        self.dropped += other.dropped;
        self.abandoned_jobs += other.abandoned_jobs;
        self.abandoned_threads += other.abandoned_threads;
    }
}
