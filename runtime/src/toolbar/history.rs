//! The requests that were seen last.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::exchange::Exchange;

/// The most bytes of all requests together, about. The newest is kept whatever its size.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The requests that were seen last, in bounded memory.
#[derive(Debug)]
pub(super) struct History {
    most: usize,
    next: AtomicU64,
    /// Becomes another one with every change.
    revision: AtomicU64,
    /// The oldest first.
    kept: Mutex<VecDeque<Arc<Exchange>>>,
}

impl History {
    /// Of so many requests.
    pub(super) fn new(most: usize) -> Self {
        let (next, revision, kept) = (AtomicU64::new(1), AtomicU64::new(1), Mutex::default());
        Self { most, next, revision, kept }
    }

    /// Adds a request, which `make` is given the number for.
    pub(super) fn begin(&self, make: impl FnOnce(u64) -> Exchange) -> Arc<Exchange> {
        let exchange = Arc::new(make(self.next.fetch_add(1, Ordering::Relaxed)));
        let mut kept = self.kept();
        if kept.len() >= self.most {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(&exchange));
        drop(kept);
        self.revision.fetch_add(1, Ordering::Release);
        exchange
    }

    /// A request was answered, and weighs what it weighs.
    pub(super) fn settle(&self) {
        let mut kept = self.kept();
        let mut bytes: usize = kept.iter().map(|exchange| exchange.weight()).sum();
        while bytes > MOST_BYTES && kept.len() > 1 {
            if let Some(oldest) = kept.pop_front() {
                bytes -= oldest.weight().min(bytes);
            }
        }
        drop(kept);
        self.revision.fetch_add(1, Ordering::Release);
    }

    /// A number that is another one when something has changed.
    pub(super) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// The request with this number.
    pub(super) fn find(&self, number: u64) -> Option<Arc<Exchange>> {
        self.kept().iter().find(|exchange| exchange.number == number).cloned()
    }

    /// The newest ones, the newest first.
    pub(super) fn newest(&self, most: usize) -> Vec<Arc<Exchange>> {
        self.kept().iter().rev().take(most).cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Arc<Exchange>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
