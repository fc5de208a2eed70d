//! Finds the coroutine that holds its event loop: in development, a view that ought to have been a plain function.
//!
//! While the future of a view is polled, its loop's thread publishes which view that is and since when. A thread of its own
//! looks at all loops a few times per threshold and speaks up *while* the loop is held, so that also a view that never
//! returns is named. This is unlike the log of slow requests, which cannot tell a view that waits from one that blocks.

use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// The place in the source that a report points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Name of the view.
    pub name: &'static str,
    /// File of its declaration, as `file!()` gives it.
    pub file: &'static str,
    /// Line of its declaration.
    pub line: u32,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}:{})", self.name, self.file, self.line)
    }
}

/// A coroutine that holds, or held, its event loop for longer than the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Held {
    /// Whose future is being polled.
    pub site: Site,
    /// For how long; the whole of it once it is [`released`](Self::released).
    pub duration: Duration,
    /// Whether the loop goes on.
    pub released: bool,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { site, duration, released } = self;
        let millis = duration.as_millis();
        if *released {
            write!(f, "{site} held the event loop for {millis} ms")
        } else {
            write!(
                f,
                "{site} has been holding the event loop for {millis} ms; no other request of this loop is served\n\
                 help: make it a plain `fn`, which runs in the executor, or move what blocks into `#[use_executor]`"
            )
        }
    }
}

/// Receives reports: `WatchdogConfig::sink`.
type Sink = Arc<dyn Fn(Held) + Send + Sync>;

/// How a [`Watchdog`] watches.
#[derive(Clone)]
#[non_exhaustive]
pub struct WatchdogConfig {
    /// How long one poll of a view may take, 100 ms unless given.
    pub threshold: Duration,
    /// Called with each report besides the log line, where given: for tests and toolbars. It is called on the watchdog's
    /// thread, or after the poll on the thread of the loop, and must not panic.
    pub sink: Option<Sink>,
}

impl WatchdogConfig {
    /// Sets how long one poll may take: [`threshold`](Self#structfield.threshold).
    #[must_use]
    pub fn threshold(mut self, threshold: Duration) -> Self {
        self.threshold = threshold;
        self
    }

    /// Sets what is called with each report: [`sink`](Self#structfield.sink).
    #[must_use]
    pub fn sink(mut self, sink: impl Fn(Held) + Send + Sync + 'static) -> Self {
        self.sink = Some(Arc::new(sink));
        self
    }
}

/// A threshold of 100 ms and the log.
impl Default for WatchdogConfig {
    fn default() -> Self {
        Self { threshold: Duration::from_millis(100), sink: None }
    }
}

impl fmt::Debug for WatchdogConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchdogConfig").field("threshold", &self.threshold).finish_non_exhaustive()
    }
}

/// Watches event loops from a thread of its own, until the last clone is dropped.
///
/// ```
/// # use aiopyramid::executor::{Site, Watchdog, WatchdogConfig};
/// const HOME: Site = Site { name: "home", file: file!(), line: line!() };
/// let watchdog = Some(Watchdog::start(WatchdogConfig::default())?);
/// let answer = Watchdog::observe(watchdog.as_ref(), HOME, || 42);
/// assert_eq!(answer, 42);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Watchdog(Arc<Keeper>);

/// Stops the thread when nobody is left to be watched.
struct Keeper(Arc<Watch>);

impl Drop for Keeper {
    fn drop(&mut self) {
        *lock(&self.0.stopped) = true;
        self.0.stop.notify_one();
    }
}

struct Watch {
    config: WatchdogConfig,
    /// One for each thread that was ever observed and lives.
    slots: Mutex<Vec<Weak<Slot>>>,
    stopped: Mutex<bool>,
    stop: Condvar,
}

/// What a loop is at.
#[derive(Default)]
struct Slot(Mutex<Option<Holding>>);

struct Holding {
    site: Site,
    since: Instant,
    notice: Notice,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Notice {
    None,
    Given,
    /// A view inside this one was reported for the same delay.
    Superseded,
}

thread_local! {
    /// The slot of this thread, and the watchdog that looks at it.
    static SLOT: RefCell<(Weak<Watch>, Arc<Slot>)> = RefCell::new((Weak::new(), Arc::default()));
}

impl Watchdog {
    /// Starts the thread, `aio-watchdog`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(config: WatchdogConfig) -> std::io::Result<Self> {
        let watch = Arc::new(Watch {
            config,
            slots: Mutex::default(),
            stopped: Mutex::default(),
            stop: Condvar::new(),
        });
        let watching = watch.clone();
        thread::Builder::new().name("aio-watchdog".into()).spawn(move || watching.run())?;
        Ok(Self(Arc::new(Keeper(watch))))
    }

    /// Calls `poll`, one poll of the future of the view at `site`, and watches how long it takes where there is a watchdog.
    /// Where there is none, it only calls.
    #[inline]
    pub fn observe<R>(watchdog: Option<&Self>, site: Site, poll: impl FnOnce() -> R) -> R {
        match watchdog {
            None => poll(),
            Some(watchdog) => {
                let _observed = Observed::begin(&watchdog.0.0, site);
                poll()
            }
        }
    }
}

impl fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchdog").field("config", &self.0.0.config).finish_non_exhaustive()
    }
}

/// A poll that is going on.
struct Observed<'a> {
    watch: &'a Arc<Watch>,
    slot: Arc<Slot>,
    /// The poll that this one is inside of: that of a tween, or of the view that made a subrequest.
    outer: Option<Holding>,
}

impl<'a> Observed<'a> {
    fn begin(watch: &'a Arc<Watch>, site: Site) -> Self {
        let slot = watch.slot_of_this_thread();
        let holding = Holding { site, since: Instant::now(), notice: Notice::None };
        let outer = lock(&slot.0).replace(holding);
        Self { watch, slot, outer }
    }
}

impl Drop for Observed<'_> {
    fn drop(&mut self) {
        let mut slot = lock(&self.slot.0);
        let ended = std::mem::replace(&mut *slot, self.outer.take());
        let Some(Holding { site, since, notice }) = ended else { return };
        let duration = since.elapsed();
        if notice == Notice::None && duration < self.watch.config.threshold {
            return;
        }
        if let Some(outer) = &mut *slot {
            outer.notice = Notice::Superseded;
        }
        drop(slot);
        if notice != Notice::Superseded {
            self.watch.report(Held { site, duration, released: true });
        }
    }
}

impl Watch {
    fn slot_of_this_thread(self: &Arc<Self>) -> Arc<Slot> {
        SLOT.with_borrow_mut(|(watch, slot)| {
            if watch.as_ptr() != Arc::as_ptr(self) {
                *watch = Arc::downgrade(self);
                *slot = Arc::default();
                lock(&self.slots).push(Arc::downgrade(slot));
            }
            slot.clone()
        })
    }

    fn run(&self) {
        let pause = (self.config.threshold / 4).max(Duration::from_millis(1));
        let mut stopped = lock(&self.stopped);
        while !*stopped {
            stopped = self.stop.wait_timeout(stopped, pause).unwrap_or_else(PoisonError::into_inner).0;
            if !*stopped {
                drop(stopped);
                self.look();
                stopped = lock(&self.stopped);
            }
        }
    }

    /// Reports each poll once that has lasted too long by now.
    fn look(&self) {
        let mut late = Vec::new();
        lock(&self.slots).retain(|slot| {
            let Some(slot) = slot.upgrade() else { return false };
            if let Some(holding) = &mut *lock(&slot.0) {
                let duration = holding.since.elapsed();
                if holding.notice == Notice::None && duration >= self.config.threshold {
                    holding.notice = Notice::Given;
                    late.push(Held { site: holding.site, duration, released: false });
                }
            }
            true
        });
        for held in late {
            self.report(held);
        }
    }

    fn report(&self, held: Held) {
        let Site { name, file, line } = held.site;
        let millis = u64::try_from(held.duration.as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(view = name, file, line, millis, released = held.released, "{held}");
        if let Some(sink) = &self.config.sink {
            sink(held);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc::{Receiver, channel};

    const SLOW: Site = Site { name: "slow", file: "views.rs", line: 7 };
    const OUTER: Site = Site { name: "outer", file: "tweens.rs", line: 3 };

    fn watchdog(threshold: Duration) -> (Watchdog, Receiver<Held>) {
        let (reports, received) = channel();
        let config = WatchdogConfig::default().threshold(threshold).sink(move |held| {
            let _ = reports.send(held);
        });
        (Watchdog::start(config).unwrap(), received)
    }

    #[test]
    fn a_view_that_holds_the_loop_is_named_while_it_does_and_once_more_with_the_total() {
        let threshold = Duration::from_millis(5);
        let (watchdog, reports) = watchdog(threshold);
        // The view is held until it has been reported, so the test would hang if that happened only afterwards.
        let during = Watchdog::observe(Some(&watchdog), SLOW, || reports.recv().unwrap());
        let after = reports.recv().unwrap();
        assert_eq!((during.site, during.released), (SLOW, false));
        assert_eq!((after.site, after.released), (SLOW, true));
        assert!(during.duration >= threshold && after.duration >= during.duration);
        drop(watchdog);
        assert!(
            reports.recv().is_err(),
            "each holding is reported once, and the thread ends with the watchdog"
        );
    }

    #[test]
    fn a_view_inside_another_is_blamed_alone() {
        let (watchdog, reports) = watchdog(Duration::from_millis(5));
        let during = Watchdog::observe(Some(&watchdog), OUTER, || {
            Watchdog::observe(Some(&watchdog), SLOW, || reports.recv().unwrap())
        });
        drop(watchdog);
        assert_eq!(during.site, SLOW);
        let rest: Vec<_> = reports.iter().map(|held| (held.site, held.released)).collect();
        assert_eq!(rest, [(SLOW, true)]);
    }

    #[test]
    fn the_outer_view_is_watched_again_after_the_inner_one() {
        let (watchdog, reports) = watchdog(Duration::from_millis(5));
        let during = Watchdog::observe(Some(&watchdog), OUTER, || {
            Watchdog::observe(Some(&watchdog), SLOW, || ());
            reports.recv().unwrap()
        });
        assert_eq!((during.site, during.released), (OUTER, false));
    }

    #[test]
    fn a_view_that_panics_is_no_longer_watched() {
        let (watchdog, reports) = watchdog(Duration::from_hours(1));
        let poll = || Watchdog::observe(Some(&watchdog), SLOW, || panic!("in the view"));
        catch_unwind(AssertUnwindSafe(poll)).unwrap_err();
        assert!(lock(&watchdog.0.0.slot_of_this_thread().0).is_none());
        drop(watchdog);
        assert!(reports.recv().is_err());
    }

    #[test]
    fn a_short_poll_is_not_reported() {
        let (watchdog, reports) = watchdog(Duration::from_hours(1));
        assert_eq!(Watchdog::observe(Some(&watchdog), SLOW, || 1), 1);
        drop(watchdog);
        assert!(reports.recv().is_err());
    }

    #[test]
    fn each_loop_has_a_slot_and_a_dead_one_is_forgotten() {
        let (watchdog, _reports) = watchdog(Duration::from_hours(1));
        thread::scope(|threads| {
            threads.spawn(|| Watchdog::observe(Some(&watchdog), SLOW, || ()));
        });
        Watchdog::observe(Some(&watchdog), SLOW, || ());
        watchdog.0.0.look();
        assert!(lock(&watchdog.0.0.slots).len() <= 2);
        assert!(lock(&watchdog.0.0.slots).iter().any(|slot| slot.strong_count() > 0));
    }

    #[test]
    fn the_advice_names_the_place_and_what_to_do() {
        let held = Held { site: SLOW, duration: Duration::from_millis(123), released: false };
        let text = held.to_string();
        assert!(text.starts_with("`slow` (views.rs:7) has been holding the event loop for 123 ms"), "{text}");
        assert!(text.contains("help: make it a plain `fn`"), "{text}");
    }
}
