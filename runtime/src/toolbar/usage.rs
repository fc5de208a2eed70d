//! What the current thread has used of the processor.

use std::time::Duration;

/// Time on the processor, and how often the thread was taken off it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Usage {
    /// `None` where the system does not say.
    pub(super) processor: Option<Duration>,
    /// It had to wait for something.
    pub(super) voluntary: u64,
    /// Somebody else was to run.
    pub(super) involuntary: u64,
}

impl Usage {
    /// Of the current thread, since it began.
    pub(super) fn now() -> Self {
        let (voluntary, involuntary) = switches();
        Self { processor: processor(), voluntary, involuntary }
    }

    /// What has been used since an `earlier` moment.
    pub(super) fn since(self, earlier: Self) -> Self {
        Self {
            processor: self.processor.zip(earlier.processor).map(|(now, before)| now.saturating_sub(before)),
            voluntary: self.voluntary.saturating_sub(earlier.voluntary),
            involuntary: self.involuntary.saturating_sub(earlier.involuntary),
        }
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        let processor = match (self.processor, other.processor) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        Self {
            processor,
            voluntary: self.voluntary + other.voluntary,
            involuntary: self.involuntary + other.involuntary,
        }
    }
}

#[cfg(unix)]
fn processor() -> Option<Duration> {
    use nix::time::{ClockId, clock_gettime};

    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok().map(Duration::from)
}

#[cfg(not(unix))]
fn processor() -> Option<Duration> {
    None
}

#[cfg(target_os = "linux")]
fn switches() -> (u64, u64) {
    use nix::sys::resource::{UsageWho, getrusage};

    let Ok(usage) = getrusage(UsageWho::RUSAGE_THREAD) else { return (0, 0) };
    let number = |count| u64::try_from(count).unwrap_or(0);
    (number(usage.voluntary_context_switches()), number(usage.involuntary_context_switches()))
}

#[cfg(not(target_os = "linux"))]
fn switches() -> (u64, u64) {
    (0, 0)
}
