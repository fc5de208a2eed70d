//! The two ways across: a coroutine that calls blocking code, and blocking code that waits for a coroutine.

use super::Executor;
use super::error::ExecutorError;
use super::pool::Shared;
use super::scope::{self, Standing};
use std::error::Error;
use std::fmt;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use tokio::runtime::Handle;

/// Runs blocking code in the executor and gives its result to the coroutine that awaits it: what `#[use_executor]`
/// expands to.
///
/// The executor is that of the application whose code is being polled ([`Executor::current`]), or where there is none
/// [`Executor::process_wide`]. Where its default pool is full the coroutine waits for room.
///
/// Inside [`synchronize`] the work never waits behind other requests: the waiting thread lends its place. One thing it
/// cannot lend to: a *spawned* task, of which nobody knows that a thread waits for it. Blocking code that waits for such a
/// task while the task needs the same, full pool waits for ever; await the work where it is, or give it a pool of its own.
///
/// # Panics
/// With whatever `work` panicked with; and when the executor is shut down before the work has begun.
pub async fn use_executor<F, T>(work: F) -> T
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let executor = Executor::current().unwrap_or_else(|| Executor::process_wide().clone());
    match executor.run(work).await {
        Ok(result) => result,
        Err(ExecutorError::Panicked(panic)) => resume_unwind(panic.into_payload()),
        Err(error) => panic!("work that a coroutine gave to the executor was not run: {error}"),
    }
}

/// Waits for a coroutine in blocking code: what `#[synchronize]` expands to.
///
/// It is polled on this thread of the pool, with the timers and sockets of the event loop that submitted the job, so it may
/// borrow from its caller and need not be `Send`. While it waits the thread lends its place in the pool to work that the
/// coroutine itself hands to an executor, so the two directions nest to any depth. A panic in it goes through to the caller.
///
/// # Errors
/// [`ScopeError`] where waiting would block an event loop, or where there is none that could drive the coroutine. The
/// coroutine is dropped without having been polled.
pub fn synchronize<C: Future>(coroutine: C) -> Result<C::Output, ScopeError> {
    match scope::standing() {
        Standing::Working => {}
        Standing::OnLoop | Standing::Waiting => return Err(ScopeError::OnEventLoop),
        Standing::Outside if Handle::try_current().is_ok() => return Err(ScopeError::OnEventLoop),
        Standing::Outside => return Err(ScopeError::OutsideApplication),
    }
    let (Some(pool), Some(work)) = (scope::pool(), scope::work()) else {
        return Err(ScopeError::OutsideApplication);
    };
    let event_loop = work.event_loop().ok_or(ScopeError::OutsideApplication)?;
    // The job may have entered a runtime of its own; the coroutine belongs to the application's.
    let _context = event_loop.enter();
    Ok(wait(&pool, coroutine))
}

fn wait<C: Future>(pool: &Arc<Shared>, coroutine: C) -> C::Output {
    let mut coroutine = pin!(coroutine);
    // One for each wait, not one for each thread: a job that runs inside this coroutine on this thread may wait itself, and
    // must not swallow the call that was meant for us.
    let bell = Arc::new(Bell { thread: thread::current(), rung: AtomicBool::new(false) });
    let waker = Waker::from(bell.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = scope::waiting(|| coroutine.as_mut().poll(&mut context)) {
            return output;
        }
        if !bell.rung.swap(false, Ordering::Acquire) {
            pool.lend_place(|| bell.wait());
        }
    }
}

/// Wakes a thread that waits for a coroutine.
struct Bell {
    thread: Thread,
    rung: AtomicBool,
}

impl Bell {
    fn wait(&self) {
        while !self.rung.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.rung.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}

/// Why blocking code could not wait for a coroutine where it was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopeError {
    /// The caller is itself run by a coroutine: waiting would stop every other request of its event loop, perhaps the very
    /// one that it waits for.
    OnEventLoop,
    /// The caller is neither in a pool of an application nor on an event loop, so nothing would drive the coroutine.
    OutsideApplication,
}

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OnEventLoop => {
                "blocking code waited for a coroutine on the event loop, which would stop all other requests\n\
                 help: `.await` the coroutine here, or make the calling view a plain `fn`, so that it runs in the executor"
            }
            Self::OutsideApplication => {
                "blocking code waited for a coroutine outside an application, where no event loop runs it\n\
                 help: call it from a plain view, from `use_executor`, or run the coroutine with a \
                 `tokio::runtime::Runtime` of your own"
            }
        })
    }
}

impl Error for ScopeError {}

#[cfg(test)]
mod tests;
