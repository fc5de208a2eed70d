//! Time in ticks: one clock per event loop, read without asking the system.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use super::ServerConfig;

/// The shortest and the longest tick. At a tenth of a second, a sweep over ten thousand connections is less than a
/// hundredth of a processor; below some milliseconds the timer of the event loop is too coarse.
const SHORTEST: Duration = Duration::from_millis(5);
const LONGEST: Duration = Duration::from_millis(100);

/// How long a new connection may stay silent once a stop was asked for: its request may still be on its way.
const FRESH: Duration = Duration::from_millis(500);

/// How long a connection that was closed on our side may take to end on the other.
const CLOSING: Duration = Duration::from_secs(2);

/// Counts ticks.
///
/// It is moved on by the loop it belongs to, at beats that come from outside. So it stands while a handler holds the loop
/// up, and the clients that could not be heard meanwhile are not taken for slow ones.
#[derive(Debug)]
pub(super) struct Clock {
    tick: AtomicU32,
    period: Duration,
}

impl Clock {
    /// A clock fine enough for the limits of `config`.
    pub(super) fn new(config: &ServerConfig) -> Self {
        let shortest = config.head.min(config.keep_alive).min(config.body_patience).min(config.response);
        Self { tick: AtomicU32::new(0), period: (shortest / 4).clamp(SHORTEST, LONGEST) }
    }

    /// The number of the present tick.
    pub(super) fn now(&self) -> u32 {
        self.tick.load(Relaxed)
    }

    /// Ends the present tick and tells the number of the next.
    pub(super) fn advance(&self) -> u32 {
        let next = self.now().wrapping_add(1);
        self.tick.store(next, Relaxed);
        next
    }

    /// How long a tick is.
    pub(super) const fn period(&self) -> Duration {
        self.period
    }

    /// The fewest ticks that last at least `time`.
    fn ticks(&self, time: Duration) -> u32 {
        u32::try_from(time.as_nanos().div_ceil(self.period.as_nanos())).unwrap_or(u32::MAX)
    }
}

/// The limits of a [`ServerConfig`] that are looked at while connections run; times in ticks.
#[derive(Debug)]
pub(super) struct Limits {
    /// From the start of a head to its end.
    pub(super) head: u32,
    /// Between two requests.
    pub(super) keep_alive: u32,
    /// What a stretch of waiting for a body lasts.
    pub(super) body_patience: u32,
    /// What such a stretch must bring, in bytes; 0 if it need not bring anything.
    pub(super) body_bytes: u32,
    /// Without progress of a response.
    pub(super) response: u32,
    /// From the last byte of a request to an end of the stream that does not mean that the client left.
    pub(super) half_close_grace: u32,
    /// From the start of a stop to the close of a connection that has said nothing yet.
    pub(super) fresh: u32,
    /// From our close to the other side's.
    pub(super) closing: u32,
    /// Bytes of a request's target.
    pub(super) target_size: usize,
}

impl Limits {
    /// The limits of `config` in the ticks of `clock`.
    pub(super) fn new(config: &ServerConfig, clock: &Clock) -> Self {
        let bytes = config.body_patience.as_secs_f64() * f64::from(config.body_rate);
        Self {
            head: clock.ticks(config.head),
            keep_alive: clock.ticks(config.keep_alive),
            body_patience: clock.ticks(config.body_patience),
            // Rounded up, so that a rate above 0 never becomes none; the conversion is kept within the type.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            body_bytes: bytes.ceil().min(f64::from(u32::MAX)) as u32,
            response: clock.ticks(config.response),
            half_close_grace: clock.ticks(config.half_close_grace),
            fresh: clock.ticks(FRESH.min(config.head)),
            closing: clock.ticks(CLOSING),
            target_size: config.target_size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_told_in_tenths_of_a_second() {
        let config = ServerConfig::default();
        let clock = Clock::new(&config);
        let limits = Limits::new(&config, &clock);
        assert_eq!(clock.period(), Duration::from_millis(100));
        assert_eq!((limits.head, limits.keep_alive, limits.response), (100, 150, 300));
        assert_eq!((limits.body_patience, limits.body_bytes), (50, 1200));
        assert_eq!(limits.half_close_grace, 3);
    }

    #[test]
    fn short_limits_get_short_ticks() {
        let clock = Clock::new(&ServerConfig::default().head(Duration::from_millis(80)));
        assert_eq!(clock.period(), Duration::from_millis(20));
        assert_eq!(clock.ticks(Duration::from_millis(81)), 5);
        let clock = Clock::new(&ServerConfig::default().head(Duration::ZERO));
        assert_eq!(clock.period(), SHORTEST);
    }

    #[test]
    fn limits_beyond_any_count_are_kept_at_the_largest() {
        let config =
            ServerConfig::default().shutdown(Duration::MAX).keep_alive(Duration::MAX).body_rate(u32::MAX);
        let limits = Limits::new(&config, &Clock::new(&config));
        assert_eq!((limits.keep_alive, limits.body_bytes), (u32::MAX, u32::MAX));
    }
}
