//! One piece of work on its way to a thread and back.
//!
//! The closure, its result and the waker of whoever waits share one allocation, [`Task`]; the queue and the waiting side
//! see it through two traits. Whether it begins or is given up is decided once, by a compare-and-swap on its status.

use super::error::{ExecutorError, Panicked};
use super::pool::Shared;
use super::scope;
use std::fmt;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::runtime::Handle;
use tracing::Span;

const QUEUED: u8 = 0;
const BEGUN: u8 = 1;
/// Nobody waits for it any more, whether it has begun or not.
const CANCELLED: u8 = 2;
/// Taken out of the queue by the pool, not to be begun.
const DROPPED: u8 = 3;

/// A task as the queue and the threads see it.
pub(super) trait Work: Send + Sync {
    /// Claims it for a thread; false where it must not begin any more.
    fn claim(&self) -> bool;
    /// Runs it, calls `ended` once, and then lays the result out. Gives the waker of whoever waits, for the thread to call
    /// when it has let go of the task: memory is freed at less cost where it came from.
    fn run(&self, ended: &dyn Fn()) -> Option<Waker>;
    /// Ends its wait with [`ExecutorError::Dropped`]; false where it is claimed or cancelled already.
    fn refuse(&self) -> bool;
    /// The event loop from which it was submitted.
    fn event_loop(&self) -> Option<&Handle>;
    /// Whether nobody waits for it any more.
    fn is_cancelled(&self) -> bool;
    /// When it was submitted, if that is of interest.
    #[cfg(feature = "metrics")]
    fn submitted(&self) -> Option<std::time::Instant>;
}

/// A task as the waiting side sees it.
pub(super) trait Awaited<T>: Work {
    fn poll(&self, cx: &mut Context<'_>) -> Poll<Result<T, ExecutorError>>;
    /// Nobody waits any more; true where that was in time to keep it from beginning.
    fn cancel(&self) -> bool;
}

pub(super) struct Task<F, T> {
    status: AtomicU8,
    event_loop: Option<Handle>,
    /// That of who submitted it, for what is logged inside.
    span: Span,
    #[cfg(feature = "metrics")]
    submitted: Option<std::time::Instant>,
    exchange: Mutex<Exchange<F, T>>,
}

struct Exchange<F, T> {
    content: Content<F, T>,
    waker: Option<Waker>,
}

enum Content<F, T> {
    Work(F),
    Result(Result<T, ExecutorError>),
    Away,
}

impl<F, T> Task<F, T> {
    pub(super) fn new(work: F) -> Self {
        Self {
            status: AtomicU8::new(QUEUED),
            event_loop: Handle::try_current().ok(),
            span: Span::current(),
            #[cfg(feature = "metrics")]
            submitted: None,
            exchange: Mutex::new(Exchange { content: Content::Work(work), waker: None }),
        }
    }

    #[cfg(feature = "metrics")]
    pub(super) fn submitted_at(&mut self, time: Option<std::time::Instant>) {
        self.submitted = time;
    }

    fn exchange(&self) -> MutexGuard<'_, Exchange<F, T>> {
        self.exchange.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave_queue(&self, to: u8) -> bool {
        self.status.compare_exchange(QUEUED, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The closure, unless it was taken before.
    fn take_work(&self) -> Option<F> {
        let mut exchange = self.exchange();
        match mem::replace(&mut exchange.content, Content::Away) {
            Content::Work(work) => Some(work),
            other => {
                exchange.content = other;
                None
            }
        }
    }

    fn lay_out(&self, result: Result<T, ExecutorError>) -> Option<Waker> {
        let mut exchange = self.exchange();
        exchange.content = Content::Result(result);
        exchange.waker.take()
    }
}

impl<F, T> Work for Task<F, T>
where
    F: FnOnce() -> T + Send,
    T: Send,
{
    #[cfg(feature = "metrics")]
    fn submitted(&self) -> Option<std::time::Instant> {
        self.submitted
    }

    fn claim(&self) -> bool {
        self.leave_queue(BEGUN)
    }

    fn run(&self, ended: &dyn Fn()) -> Option<Waker> {
        let result = self.take_work().map(|work| self.span.in_scope(|| catch(work)));
        ended();
        self.lay_out(result?)
    }

    fn refuse(&self) -> bool {
        let in_time = self.leave_queue(DROPPED);
        if in_time {
            drop(self.take_work());
            if let Some(waker) = self.lay_out(Err(ExecutorError::Dropped)) {
                waker.wake();
            }
        }
        in_time
    }

    fn event_loop(&self) -> Option<&Handle> {
        self.event_loop.as_ref()
    }

    fn is_cancelled(&self) -> bool {
        self.status.load(Ordering::Relaxed) == CANCELLED
    }
}

impl<F, T> Awaited<T> for Task<F, T>
where
    F: FnOnce() -> T + Send,
    T: Send,
{
    fn poll(&self, cx: &mut Context<'_>) -> Poll<Result<T, ExecutorError>> {
        let mut exchange = self.exchange();
        if let Content::Result(_) = exchange.content
            && let Content::Result(result) = mem::replace(&mut exchange.content, Content::Away)
        {
            return Poll::Ready(result);
        }
        match &mut exchange.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        Poll::Pending
    }

    fn cancel(&self) -> bool {
        let in_time = self.status.swap(CANCELLED, Ordering::AcqRel) == QUEUED;
        if in_time {
            // What the closure holds is freed now; the husk stays in the queue until a thread or a sweep finds it.
            drop(self.take_work());
        }
        in_time
    }
}

/// Runs `work` and makes a panic a value.
fn catch<T>(work: impl FnOnce() -> T) -> Result<T, ExecutorError> {
    // What a panic leaves half done is inside the closure, which is consumed.
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Panicked::new(payload).into())
}

/// Work that was handed to a pool: awaited, it is the result.
///
/// Dropping it cancels the work: if it is still queued it never runs, and if it is running it can find out through
/// [`Cancellation`].
#[must_use = "work is cancelled when nobody waits for it"]
pub struct Job<T> {
    stage: Stage<T>,
}

enum Stage<T> {
    Handed {
        task: Arc<dyn Awaited<T>>,
        /// Where its place in the queue is given back, if it has one.
        room: Option<Arc<Shared>>,
    },
    /// It ran where it was submitted.
    Here(Result<T, ExecutorError>),
    Taken,
}

impl<T> Job<T> {
    pub(super) fn handed(task: Arc<dyn Awaited<T>>, room: Option<Arc<Shared>>) -> Self {
        Self { stage: Stage::Handed { task, room } }
    }

    /// Runs `work` on this thread, now.
    pub(super) fn here(work: impl FnOnce() -> T) -> Self {
        Self { stage: Stage::Here(catch(|| scope::working(work))) }
    }
}

// Nothing in it is ever pinned: what is polled is behind the `Arc`.
impl<T> Unpin for Job<T> {}

impl<T> Future for Job<T> {
    type Output = Result<T, ExecutorError>;

    /// # Panics
    /// When it is polled after it gave its result.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::Handed { task, .. } = &self.stage {
            let poll = task.poll(cx);
            if poll.is_ready() {
                self.stage = Stage::Taken;
            }
            return poll;
        }
        match mem::replace(&mut self.stage, Stage::Taken) {
            Stage::Here(result) => Poll::Ready(result),
            _ => panic!("a job was polled after it gave its result"),
        }
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        if let Stage::Handed { task, room } = &self.stage
            && task.cancel()
            && let Some(room) = room
        {
            room.make_room(&mut room.places());
        }
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match &self.stage {
            Stage::Handed { task, .. } if task.is_cancelled() => "cancelled",
            Stage::Handed { .. } => "handed over",
            Stage::Here(_) => "done",
            Stage::Taken => "taken",
        };
        f.debug_struct("Job").field("stage", &stage).finish_non_exhaustive()
    }
}

/// Whether anybody still waits for the work that runs in a pool: asked between two steps of long work.
///
/// The flag lives in the work's own allocation. A clone may be given to other threads.
#[derive(Clone)]
pub struct Cancellation(Arc<dyn Work>);

impl Cancellation {
    /// That of the work running on this thread; `None` where it is not a thread of a pool at work.
    pub fn current() -> Option<Self> {
        scope::work().map(Self)
    }

    /// True as soon as the future of the work was dropped: its client left, or a timeout took its place.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancellation").field("is_cancelled", &self.is_cancelled()).finish()
    }
}
