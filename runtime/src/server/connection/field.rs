//! Fields that several holders of one connection's state write.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// A number that only its connection's thread writes, and which needs to be an atomic because the state is shared: reading
/// and writing it costs what a plain field does.
#[derive(Debug, Default)]
pub(super) struct Number(AtomicU32);

impl Number {
    pub(super) const fn new(value: u32) -> Self {
        Self(AtomicU32::new(value))
    }

    pub(super) fn get(&self) -> u32 {
        self.0.load(Relaxed)
    }

    pub(super) fn set(&self, value: u32) {
        self.0.store(value, Relaxed);
    }

    /// Adds, and starts anew beyond the largest.
    pub(super) fn add(&self, value: u32) {
        self.set(self.get().wrapping_add(value));
    }
}

/// The same for yes and no.
#[derive(Debug, Default)]
pub(super) struct Flag(AtomicBool);

impl Flag {
    pub(super) fn get(&self) -> bool {
        self.0.load(Relaxed)
    }

    pub(super) fn set(&self, value: bool) {
        self.0.store(value, Relaxed);
    }
}
