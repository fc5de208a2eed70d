//! One request and its answer, as they are remembered.

use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::trail::Trail;
use crate::{Error, Method, Request, StatusCode};

/// The longest path that is kept, in bytes.
const LONGEST: usize = 2048;

/// One request and its answer.
pub(super) struct Exchange {
    pub(super) number: u64,
    pub(super) method: Method,
    pub(super) path: String,
    /// The time of day at which it came.
    pub(super) clock: String,
    pub(super) trail: Arc<Trail>,
    state: Mutex<State>,
    /// What each panel has kept of it, by the place of the panel.
    kept: Mutex<Vec<(usize, Arc<dyn Any + Send + Sync>)>>,
    weight: AtomicUsize,
}

/// What has become of it.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// It is being answered.
    Running,
    /// It was answered.
    Answered { status: StatusCode, elapsed: Duration },
    /// The client left before.
    Left { elapsed: Duration },
}

/// An error, and who has dealt with it.
#[derive(Clone)]
pub(super) struct Failure {
    pub(super) error: Arc<Error>,
    /// Whether an exception view has answered it.
    pub(super) squashed: bool,
}

impl Exchange {
    pub(super) fn new(number: u64, request: &Request, trail: Arc<Trail>) -> Self {
        let path = request.path();
        let path = path[..path.floor_char_boundary(LONGEST)].to_owned();
        // What the panels keep of a request is of the order of its head.
        let head: usize =
            request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        Self {
            number,
            method: request.method().clone(),
            weight: AtomicUsize::new(1024 + path.len() + 3 * (head + request.query_string().len())),
            path,
            clock: jiff::ZonedDateTime::now().strftime("%H:%M:%S").to_string(),
            trail,
            state: Mutex::new(State::Running),
            kept: Mutex::default(),
        }
    }

    pub(super) fn state(&self) -> State {
        lock(&self.state).clone()
    }

    pub(super) fn set_state(&self, state: State) {
        *lock(&self.state) = state;
    }

    /// What the panel at this place has kept.
    pub(super) fn kept(&self, panel: usize) -> Option<Arc<dyn Any + Send + Sync>> {
        lock(&self.kept).iter().find(|(place, _)| *place == panel).map(|(_, kept)| Arc::clone(kept))
    }

    /// Has the panel at this place keep something.
    pub(super) fn keep(&self, panel: usize, kept: Arc<dyn Any + Send + Sync>) {
        lock(&self.kept).push((panel, kept));
    }

    /// Makes it heavier: something of so many bytes is kept.
    pub(super) fn add_weight(&self, bytes: usize) {
        self.weight.fetch_add(bytes, Ordering::Relaxed);
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        self.weight.load(Ordering::Relaxed) + self.trail.weight()
    }
}

impl State {
    /// The class of its looks: that of the status.
    pub(super) fn class(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Left { .. } => "bad",
            Self::Answered { status, .. } => match status.as_u16() {
                500.. => "bad",
                400.. => "doubtful",
                _ => "good",
            },
        }
    }

    /// The status, or what there is instead.
    pub(super) fn status(&self) -> String {
        match self {
            Self::Running => "…".to_owned(),
            Self::Left { .. } => "left".to_owned(),
            Self::Answered { status, .. } => status.as_u16().to_string(),
        }
    }

    /// How long it took.
    pub(super) fn time(&self) -> String {
        match self {
            Self::Running => String::new(),
            Self::Answered { elapsed, .. } | Self::Left { elapsed } => milliseconds(*elapsed),
        }
    }
}

/// A time for people: `0.42 ms`, whose two words stay together.
pub(super) fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    let digits = if milliseconds < 1.0 { 3 } else { usize::from(milliseconds < 100.0) };
    format!("{milliseconds:.digits$}\u{a0}ms")
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exchange({} {} {})", self.number, self.method, self.path)
    }
}

/// What sits behind these locks is valid after each statement.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
