//! The size of a pool.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

/// What a [`Pool`](super::Pool) is made from: its name and how much it may hold.
///
/// ```
/// # use aiopyramid::executor::PoolConfig;
/// let reports = PoolConfig::new("reports").threads(2).queue(20);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolConfig {
    /// Names the pool in settings, in `mapper = executor("name")`, and on its threads. `default` unless given.
    pub name: String,
    /// How many jobs run at once. Four for each processor, and at least four, unless given: blocking code mostly waits.
    pub threads: usize,
    /// How many more jobs may wait for a thread before the pool refuses, 1,000 unless given. At 0 a job is taken only when
    /// a thread is free for it.
    pub queue: usize,
}

impl PoolConfig {
    /// A pool of that name and of default size.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets how many jobs run at once: [`threads`](Self#structfield.threads).
    ///
    /// # Panics
    /// When it is 0: nothing would ever run.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        assert!(threads > 0, "a pool needs at least one thread");
        self.threads = threads;
        self
    }

    /// Sets how many jobs may wait: [`queue`](Self#structfield.queue).
    #[must_use]
    pub fn queue(mut self, queue: usize) -> Self {
        self.queue = queue;
        self
    }

    /// The name of the pool's thread of that number, for `top` and debuggers: `aio-reports-3`.
    ///
    /// Linux shows 15 bytes of it. The number tells threads apart, so a long name of a pool is cut and the number is not.
    pub(super) fn thread_name(&self, number: usize) -> String {
        const SHOWN: usize = 15;
        let number = number.to_string();
        let room = SHOWN.saturating_sub("aio--".len() + number.len());
        let name: String = self
            .name
            .char_indices()
            .take_while(|(at, letter)| at + letter.len_utf8() <= room)
            // A thread's name is handed to the system as a C string.
            .map(|(_, letter)| if letter == '\0' { '?' } else { letter })
            .collect();
        format!("aio-{name}-{number}")
    }
}

/// The pool `default`.
impl Default for PoolConfig {
    fn default() -> Self {
        let processors = available_parallelism().map_or(1, NonZeroUsize::get);
        Self { name: "default".into(), threads: 4 * processors, queue: 1_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_named_after_its_pool() {
        assert_eq!(PoolConfig::new("reports").thread_name(3), "aio-reports-3");
        assert_eq!(PoolConfig::default().thread_name(12), "aio-default-12");
    }

    #[test]
    fn a_long_name_is_cut_so_that_the_number_is_seen() {
        assert_eq!(PoolConfig::new("thumbnails-of-pictures").thread_name(17), "aio-thumbnai-17");
        assert_eq!(PoolConfig::new("ääääääääää").thread_name(1), "aio-ääää-1");
        assert_eq!(PoolConfig::new("x").thread_name(123_456_789_012), "aio--123456789012");
    }

    #[test]
    fn a_name_with_a_nul_still_names_a_thread() {
        assert_eq!(PoolConfig::new("a\0b").thread_name(1), "aio-a?b-1");
    }

    #[test]
    fn the_default_has_at_least_four_threads() {
        let config = PoolConfig::default();
        assert!(config.threads >= 4);
        assert_eq!((config.name.as_str(), config.queue), ("default", 1_000));
    }

    #[test]
    #[should_panic(expected = "at least one thread")]
    fn a_pool_without_threads_is_refused() {
        let _ = PoolConfig::new("idle").threads(0);
    }
}
