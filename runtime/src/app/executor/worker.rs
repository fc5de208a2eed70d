//! What a thread of a pool does: take a job, run it, sleep when there is none.

use super::hop::Work;
use super::places::{Door, Kind};
use super::pool::Shared;
use super::scope;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use tokio::runtime::Handle;

/// Where a thread sleeps and is called.
pub(super) struct Seat {
    thread: Thread,
    called: AtomicBool,
}

impl Seat {
    fn of_this_thread() -> Self {
        Self { thread: thread::current(), called: AtomicBool::new(false) }
    }

    pub(super) fn call(&self) {
        self.called.store(true, Ordering::Release);
        self.thread.unpark();
    }

    /// Sleeps until it is called. What a job left behind by `unpark` does not count.
    fn wait(&self) {
        while !self.called.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

/// The life of a thread, from its start to the end of the pool.
pub(super) fn work(shared: &Arc<Shared>) {
    let seat = Arc::new(Seat::of_this_thread());
    scope::settle(shared);
    let mut next = shared.next(&seat);
    while let Some((work, kind)) = next {
        // A job may spawn onto the event loop that it came from. Most processes have one, so it is entered once and not for
        // every job, even though that keeps what is left of a loop that has ended until the thread finds other work.
        let event_loop = work.event_loop().cloned();
        let _context = event_loop.as_ref().map(Handle::enter);
        run(shared, work, kind);
        next = shared.next(&seat);
        while let Some((work, kind)) = next.take_if(|(work, _)| same(work.event_loop(), event_loop.as_ref()))
        {
            run(shared, work, kind);
            next = shared.next(&seat);
        }
    }
}

fn same(one: Option<&Handle>, other: Option<&Handle>) -> bool {
    one.map(Handle::id) == other.map(Handle::id)
}

/// Runs one job. A panic inside it is part of its result; this guard is for what comes after: dropping a result that
/// nobody wants, or waking a task whose waker panics. The thread outlives both.
fn run(shared: &Arc<Shared>, work: Arc<dyn Work>, kind: Kind) {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let waker = scope::during(work, |work| {
            // Before the result is seen: whoever gets it may come with the next job at once, and must find room for it.
            work.run(&|| shared.finish(kind))
        });
        if let Some(waker) = waker.flatten() {
            waker.wake();
        }
    }));
    if outcome.is_err() {
        tracing::error!(pool = shared.config.name, "the result of a job panicked when it was handed over");
    }
}

impl Shared {
    /// The next job for a thread that was on its way here; sleeps until there is one. `None` when the thread is to end.
    fn next(self: &Arc<Self>, seat: &Arc<Seat>) -> Option<(Arc<dyn Work>, Kind)> {
        let mut places = self.places();
        loop {
            places.arrive();
            if let Some(taken) = places.take() {
                let call = places.call();
                drop(places);
                self.make(call);
                #[cfg(feature = "metrics")]
                self.starts(&*taken.0);
                return Some(taken);
            }
            if places.door() != Door::Open {
                let last = places.leave();
                drop(places);
                if last {
                    self.ended.notify_waiters();
                }
                return None;
            }
            places.rest(seat.clone());
            drop(places);
            seat.wait();
            places = self.places();
        }
    }

    fn finish(&self, kind: Kind) {
        let mut places = self.places();
        places.finish(kind);
        if kind == Kind::Fresh {
            self.make_room(&mut places);
        }
    }
}
