//! How the body of a request arrives over HTTP/2, where many share a connection: told by whoever reads it, for the server that
//! looks after the client.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// How one body arrives.
#[derive(Debug, Default)]
pub(crate) struct BodyPace {
    waiting: AtomicBool,
    received: AtomicU32,
}

impl BodyPace {
    /// The body was asked for more and has none yet.
    pub(crate) fn waits(&self) {
        self.waiting.store(true, Relaxed);
    }

    /// So many bytes of it are there; the end is none.
    pub(crate) fn arrived(&self, bytes: usize) {
        self.waiting.store(false, Relaxed);
        // Only differences over a few seconds are looked at.
        self.received.fetch_add(u32::try_from(bytes).unwrap_or(u32::MAX), Relaxed);
    }

    /// Whether somebody waits for more.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.load(Relaxed)
    }

    /// How many bytes have arrived, from 0 again beyond the largest number.
    pub(crate) fn received(&self) -> u32 {
        self.received.load(Relaxed)
    }
}
