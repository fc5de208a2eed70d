//! What happens while one request is answered, wherever that runs.

use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use tracing::{Level, Span};

use super::usage::Usage;

/// What the toolbar's own spans are called by.
pub(super) const TARGET: &str = "aiopyramid::toolbar";

/// The most that is kept of one request.
const MOST_RECORDS: usize = 500;
const MOST_BYTES: usize = 512 * 1024;
const MOST_VIEWS: usize = 20;
const MOST_THREADS: usize = 64;

/// What happens while one request is answered: what is logged, which views are called, how long which thread was at it.
///
/// It goes with the span of the request, so that of requests which overlap each has its own; what runs in a task that was spawned
/// without its span (`tracing::Instrument`) is nobody's.
pub struct Trail {
    began: Instant,
    /// The event loop.
    home: ThreadId,
    /// Whether the use of the processor is measured.
    measures: bool,
    seen: Mutex<Seen>,
}

#[derive(Default)]
pub(super) struct Seen {
    records: Vec<LogRecord>,
    bytes: usize,
    /// Records for which there was no room.
    lost: usize,
    pub(super) views: Vec<CalledView>,
    pub(super) work: Vec<Work>,
}

/// Something that was logged: an event of `tracing`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LogRecord {
    /// How long after the request had come.
    pub at: Duration,
    /// How bad it is.
    pub level: Level,
    /// Who says so: a module, or what that calls itself.
    pub target: &'static str,
    /// The message.
    pub message: String,
    /// Everything else that it tells, by name.
    pub fields: Vec<(&'static str, String)>,
    /// Where in the sources, file and line.
    pub place: Option<(&'static str, u32)>,
}

impl LogRecord {
    /// What it tells by this name; empty where it does not.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// The field `elapsed_secs`, by which sqlx and the framework tell how long something took.
    pub(super) fn seconds(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.field("elapsed_secs").parse().ok()?).ok()
    }

    fn weight(&self) -> usize {
        let fields: usize = self.fields.iter().map(|(_, value)| value.len() + 32).sum();
        size_of::<Self>() + self.message.len() + fields
    }
}

/// A view that was called.
#[derive(Debug, Clone)]
pub(super) struct CalledView {
    /// The path of the function.
    pub(super) name: String,
    pub(super) mapper: String,
    /// When it was called.
    at: Instant,
    /// How long it waited before a thread of a pool took it; `None` for one that has not been in a pool.
    pub(super) waited: Option<Duration>,
}

/// What one thread has done for the request.
#[derive(Debug, Clone)]
pub(super) struct Work {
    thread: ThreadId,
    pub(super) name: String,
    /// Whether it is the event loop.
    pub(super) is_loop: bool,
    /// How often it was at it.
    pub(super) turns: u64,
    pub(super) elapsed: Duration,
    /// The longest of the turns.
    pub(super) longest: Duration,
    pub(super) usage: Usage,
}

/// A turn of this thread that has begun.
struct Turn {
    /// The address of the trail, which lives as long as the span that was entered.
    trail: usize,
    /// `None` for one inside of another of the same trail, which counts it in.
    began: Option<(Instant, Usage)>,
}

thread_local! {
    /// The trail whose span is being made.
    static BEGINNING: RefCell<Option<Arc<Trail>>> = const { RefCell::new(None) };
    /// The innermost last.
    static TURNS: RefCell<Vec<Turn>> = const { RefCell::new(Vec::new()) };
}

impl Trail {
    /// One that begins here and now, on the event loop.
    pub(super) fn begin(measures: bool) -> Arc<Self> {
        let seen = Mutex::default();
        Arc::new(Self { began: Instant::now(), home: thread::current().id(), measures, seen })
    }

    /// A span that all of it is to happen in. Where nobody follows it, [`Span::is_disabled`] says so.
    pub(super) fn span(self: &Arc<Self>) -> Span {
        BEGINNING.with_borrow_mut(|beginning| *beginning = Some(Arc::clone(self)));
        let span = tracing::trace_span!(target: TARGET, "request");
        BEGINNING.take();
        span
    }

    /// The trail whose span is being made on this thread.
    pub(super) fn beginning() -> Option<Arc<Self>> {
        BEGINNING.take()
    }

    /// How long ago the request came.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// What was logged so far, in its order.
    pub fn records(&self) -> Vec<LogRecord> {
        self.seen().records.clone()
    }

    /// Those of them that are wanted.
    pub(super) fn records_that(&self, are_wanted: impl Fn(&LogRecord) -> bool) -> Vec<LogRecord> {
        self.seen().records.iter().filter(|record| are_wanted(record)).cloned().collect()
    }

    /// How many records there were besides, for which there was no room.
    pub fn lost_records(&self) -> usize {
        self.seen().lost
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        let seen = self.seen();
        size_of::<Self>() + seen.bytes + seen.work.len() * size_of::<Work>() + seen.views.len() * 256
    }

    pub(super) fn log(&self, record: LogRecord) {
        let mut seen = self.seen();
        let weight = record.weight();
        if seen.records.len() < MOST_RECORDS && seen.bytes + weight <= MOST_BYTES {
            seen.bytes += weight;
            seen.records.push(record);
        } else {
            seen.lost += 1;
        }
    }

    pub(super) fn view(&self, name: String, mapper: String) {
        let mut seen = self.seen();
        if seen.views.len() < MOST_VIEWS {
            seen.views.push(CalledView { name, mapper, at: Instant::now(), waited: None });
        }
    }

    /// The current thread takes it up.
    pub(super) fn enter(&self) {
        let thread = thread::current().id();
        if thread != self.home
            && let Some(view) = self.seen().views.last_mut()
            && view.waited.is_none()
            && view.mapper == "executor"
        {
            view.waited = Some(view.at.elapsed());
        }
        let trail = std::ptr::from_ref(self).addr();
        // At the end of a thread there may be nowhere to note it; then it is not counted.
        let _ = TURNS.try_with(|turns| {
            let mut turns = turns.borrow_mut();
            let inside = turns.iter().any(|turn| turn.trail == trail);
            let began = (!inside).then(|| (Instant::now(), self.usage()));
            turns.push(Turn { trail, began });
        });
    }

    /// The current thread lays it down.
    pub(super) fn exit(&self) {
        let trail = std::ptr::from_ref(self).addr();
        let turn = TURNS.try_with(|turns| {
            let mut turns = turns.borrow_mut();
            let place = turns.iter().rposition(|turn| turn.trail == trail)?;
            turns.remove(place).began
        });
        if let Ok(Some((began, usage))) = turn {
            self.worked(began.elapsed(), self.usage().since(usage));
        }
    }

    fn usage(&self) -> Usage {
        if self.measures { Usage::now() } else { Usage::default() }
    }

    fn worked(&self, elapsed: Duration, usage: Usage) {
        let thread = thread::current();
        let mut seen = self.seen();
        let known = seen.work.iter().position(|work| work.thread == thread.id());
        if known.is_none() && seen.work.len() == MOST_THREADS {
            return;
        }
        let place = known.unwrap_or(seen.work.len());
        if known.is_none() {
            seen.work.push(Work {
                thread: thread.id(),
                name: thread.name().unwrap_or("a thread without a name").to_owned(),
                is_loop: thread.id() == self.home,
                turns: 0,
                elapsed: Duration::ZERO,
                longest: Duration::ZERO,
                usage: Usage::default(),
            });
        }
        let work = &mut seen.work[place];
        work.turns += 1;
        work.elapsed += elapsed;
        work.longest = work.longest.max(elapsed);
        work.usage = work.usage.and(usage);
    }
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trail of {} records", self.seen().records.len())
    }
}
