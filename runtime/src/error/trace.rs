//! How it came to an error or a panic: the calls that were open.

use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody looks at them: walking up a stack costs some microseconds, too many for each 404 of a busy server.
static KEPT: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Of the panic that this thread is in, until it is caught.
    static PANIC: RefCell<Option<PanicTrace>> = const { RefCell::new(None) };
}

/// Where a panic was, and how it came to it.
#[derive(Debug)]
pub(crate) struct PanicTrace {
    /// `src/views.rs:12:5`
    pub(crate) location: String,
    pub(crate) backtrace: Backtrace,
}

/// Has everything that is made or panics from now on keep its backtrace.
pub(super) fn keep() {
    static HOOK: Once = Once::new();
    KEPT.store(true, Ordering::Relaxed);
    // A payload knows nothing of its place, so that has to be noted before the stack is unwound.
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            note(info);
            before(info);
        }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    let location = info.location().map(ToString::to_string).unwrap_or_default();
    let trace = PanicTrace { location, backtrace: Backtrace::force_capture() };
    // A thread that is about to end has nowhere to keep it.
    let _ = PANIC.try_with(|kept| kept.replace(Some(trace)));
}

/// That of this place, if somebody looks at them.
#[inline]
pub(super) fn here() -> Option<Box<Backtrace>> {
    KEPT.load(Ordering::Relaxed).then(|| Box::new(Backtrace::force_capture()))
}

/// That of the panic that was just caught on this thread.
pub(crate) fn of_panic() -> Option<PanicTrace> {
    PANIC.try_with(RefCell::take).ok().flatten()
}
