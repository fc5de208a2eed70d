//! What time it is, in seconds since 1970, as sessions count.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now.
pub(super) fn now() -> f64 {
    #[cfg(test)]
    if let Some(frozen) = FROZEN.get() {
        return frozen;
    }
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

#[cfg(test)]
thread_local! {
    /// The time that it is in a test.
    pub(super) static FROZEN: std::cell::Cell<Option<f64>> = const { std::cell::Cell::new(None) };
}
