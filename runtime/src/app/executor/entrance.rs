//! Into a pool from a request: what is full refuses at once, in words for the client.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::ExecutorError;
use super::hop::Job;
use super::pool::Pool;
use crate::app::http_exception::HttpException;
use crate::error::Result;

/// A pool as requests come to it.
#[derive(Debug)]
pub(crate) struct Entrance {
    pool: Pool,
    /// Whether the pool was full when it was last asked: being full lasts, and is one line of the log however long.
    full: AtomicBool,
}

impl Entrance {
    pub(crate) fn new(pool: Pool) -> Self {
        Self { pool, full: AtomicBool::new(false) }
    }

    /// Hands the work to the pool. One that is full refuses at once, and says when to come back.
    pub(crate) fn hop<F, T>(&self, work: F) -> Result<Job<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        const RETRY_AFTER_SECONDS: u32 = 1;
        match self.pool.try_run(work) {
            Ok(running) => {
                if self.full.load(Ordering::Relaxed) {
                    self.full.store(false, Ordering::Relaxed);
                }
                Ok(running)
            }
            Err(ExecutorError::Full) => {
                if !self.full.swap(true, Ordering::Relaxed) {
                    tracing::warn!(
                        "the pool `{}` is full: its views are answered with 503",
                        self.pool.name()
                    );
                }
                Err(HttpException::service_unavailable(RETRY_AFTER_SECONDS).into())
            }
            Err(other) => Err(other.into()),
        }
    }
}
