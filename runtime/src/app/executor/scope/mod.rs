//! Where the code on this thread stands: on an event loop or in a pool, and in which application.

use super::hop::Work;
use super::places::Kind;
use super::pool::Shared;
use super::{Executor, Pools};
use std::cell::{Cell, RefCell};
use std::sync::{Arc, Weak};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// No code of an application.
    Outside,
    /// A coroutine that an event loop polls.
    OnLoop,
    /// A job on a thread of a pool: it may block.
    Working,
    /// A coroutine that is polled by a thread of a pool that waits for it.
    Waiting,
}

struct Place {
    standing: Cell<Standing>,
    /// Means something only while `standing` does. It stays behind, as a weak reference, so that the next poll of the same
    /// application has only to compare: a counter that all workers touch at every poll would be dear.
    executor: RefCell<Weak<Pools>>,
    /// The pool whose thread this is.
    pool: RefCell<Weak<Shared>>,
    work: RefCell<Option<Arc<dyn Work>>>,
}

thread_local! {
    static PLACE: Place = const {
        Place {
            standing: Cell::new(Standing::Outside),
            executor: RefCell::new(Weak::new()),
            pool: RefCell::new(Weak::new()),
            work: RefCell::new(None),
        }
    };
}

/// Puts `standing` back, also when a panic passes.
struct Restore<'a> {
    place: &'a Place,
    standing: Standing,
    executor: Option<Weak<Pools>>,
}

impl Place {
    fn change(&self, standing: Standing) -> Restore<'_> {
        Restore { place: self, standing: self.standing.replace(standing), executor: None }
    }
}

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        self.place.standing.set(self.standing);
        if let Some(executor) = self.executor.take() {
            self.place.executor.replace(executor);
        }
    }
}

/// Calls `poll` with `executor` as the current one: what a server does around each poll of a view's future, so that
/// [`use_executor`](super::use_executor) finds the pool of the right application.
///
/// Nested calls and panics restore what was there before. The cost is a few instructions while one thread polls for one
/// application.
pub fn enter<R>(executor: &Executor, poll: impl FnOnce() -> R) -> R {
    PLACE.with(|place| {
        let outer = place.standing.get();
        let mut restore = place.change(match outer {
            Standing::Outside | Standing::OnLoop => Standing::OnLoop,
            Standing::Working | Standing::Waiting => Standing::Waiting,
        });
        if place.executor.borrow().as_ptr() != Arc::as_ptr(&executor.0) {
            let before = place.executor.replace(Arc::downgrade(&executor.0));
            if outer != Standing::Outside {
                restore.executor = Some(before);
            }
        }
        poll()
    })
}

/// Says once that this thread belongs to a pool.
pub(super) fn settle(shared: &Arc<Shared>) {
    PLACE.with(|place| {
        place.pool.replace(Arc::downgrade(shared));
        place.executor.replace(shared.executor.clone());
    });
}

/// Calls `run` with `work` as what this thread of a pool is at. `work` is let go before this returns.
pub(super) fn during<R>(work: Arc<dyn Work>, run: impl FnOnce(&dyn Work) -> R) -> Option<R> {
    PLACE.with(|place| {
        let _restore = place.change(Standing::Working);
        place.work.replace(Some(work));
        // Borrowed, not locked: the job itself may look at what it is.
        let outcome = place.work.borrow().as_deref().map(run);
        place.work.take();
        outcome
    })
}

/// Calls `work` as a job would be, inside a coroutine that a thread of a pool waits for.
pub(super) fn working<R>(work: impl FnOnce() -> R) -> R {
    PLACE.with(|place| {
        let _restore = place.change(Standing::Working);
        work()
    })
}

/// Calls `poll` on a thread of a pool that waits for a coroutine.
pub(super) fn waiting<R>(poll: impl FnOnce() -> R) -> R {
    PLACE.with(|place| {
        let _restore = place.change(Standing::Waiting);
        poll()
    })
}

/// Where this thread stands. On a thread that is being torn down that is outside.
pub(super) fn standing() -> Standing {
    PLACE.try_with(|place| place.standing.get()).unwrap_or(Standing::Outside)
}

/// What kind of job it is that is submitted here.
pub(super) fn kind() -> Kind {
    match standing() {
        Standing::Outside | Standing::OnLoop => Kind::Fresh,
        Standing::Working | Standing::Waiting => Kind::Nested,
    }
}

/// Whether this is a coroutine for which a thread of that pool waits.
pub(super) fn waits_in(shared: &Arc<Shared>) -> bool {
    PLACE
        .try_with(|place| {
            place.standing.get() == Standing::Waiting && place.pool.borrow().as_ptr() == Arc::as_ptr(shared)
        })
        .unwrap_or(false)
}

/// The pool whose thread this is.
pub(super) fn pool() -> Option<Arc<Shared>> {
    PLACE.try_with(|place| place.pool.borrow().upgrade()).ok().flatten()
}

/// The job that this thread of a pool is at.
pub(super) fn work() -> Option<Arc<dyn Work>> {
    PLACE.try_with(|place| place.work.borrow().clone()).ok().flatten()
}

/// The executor of the application whose code runs here.
pub(super) fn executor() -> Option<Arc<Pools>> {
    PLACE
        .try_with(|place| match place.standing.get() {
            Standing::Outside => None,
            Standing::OnLoop | Standing::Working | Standing::Waiting => place.executor.borrow().upgrade(),
        })
        .ok()
        .flatten()
}

#[cfg(test)]
mod tests;
