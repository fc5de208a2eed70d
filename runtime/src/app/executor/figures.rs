//! What a pool counts where somebody wants to know.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;

/// From a tenth of a millisecond to ten seconds.
const WAITS: [f64; 11] = [0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What a pool counts.
#[derive(Debug)]
pub(crate) struct Figures {
    /// Seconds from submission to start.
    pub(crate) wait: Histogram,
    /// Jobs that found no room.
    pub(crate) rejected: Counter,
}

impl Default for Figures {
    fn default() -> Self {
        Self { wait: Histogram::new(WAITS), rejected: Counter::default() }
    }
}
