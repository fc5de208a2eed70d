//! Why work did not run, or did not end well.

use std::any::Any;
use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::error::{PanicTrace, of_panic};

/// What can become of work that is handed to a pool instead of its result.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExecutorError {
    /// All threads are busy and the queue is full. The work has not begun and will not; the answer is 503 with
    /// `Retry-After`.
    Full,
    /// The pool is shut down and takes no new work.
    Stopped,
    /// The pool was shut down, or could start no thread, before the work had begun.
    Dropped,
    /// The work panicked.
    Panicked(Panicked),
    /// Two pools of one executor have this name.
    DuplicatePool(String),
}

impl fmt::Display for ExecutorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("all threads of the pool are busy and its queue is full"),
            Self::Stopped => f.write_str("the pool is shut down and takes no new work"),
            Self::Dropped => f.write_str("the pool ended before the work had begun"),
            Self::Panicked(panic) => panic.fmt(f),
            Self::DuplicatePool(name) => write!(f, "two pools are named `{name}`"),
        }
    }
}

impl Error for ExecutorError {}

impl From<Panicked> for ExecutorError {
    fn from(panic: Panicked) -> Self {
        Self::Panicked(panic)
    }
}

/// A panic that was caught in a pool, as a value.
pub struct Panicked {
    message: String,
    trace: Option<PanicTrace>,
    /// Behind a lock only because an error has to be `Sync` and a payload is not.
    payload: Mutex<Box<dyn Any + Send>>,
}

impl Panicked {
    pub(crate) fn new(payload: Box<dyn Any + Send>) -> Self {
        let message = if let Some(text) = payload.downcast_ref::<&str>() {
            (*text).to_owned()
        } else if let Some(text) = payload.downcast_ref::<String>() {
            text.clone()
        } else {
            "(a value that is not text)".to_owned()
        };
        Self { message, trace: of_panic(), payload: Mutex::new(payload) }
    }

    /// Where it was, as `src/views.rs:12:5`, if [`Error::keep_backtraces`](crate::Error::keep_backtraces) was called before.
    pub fn location(&self) -> Option<&str> {
        self.trace.as_ref().map(|trace| &*trace.location)
    }

    /// The calls that were open, under the same condition.
    pub fn backtrace(&self) -> Option<&Backtrace> {
        self.trace.as_ref().map(|trace| &trace.backtrace)
    }

    /// What was panicked with, where it was text, as it is with `panic!`.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The value that was panicked with, for [`std::panic::resume_unwind`].
    pub fn into_payload(self) -> Box<dyn Any + Send> {
        self.payload.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Panicked").field(&self.message).finish()
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.message)
    }
}

impl Error for Panicked {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_kept_whatever_kind_of_text_it_was() {
        assert_eq!(Panicked::new(Box::new("plain")).message(), "plain");
        assert_eq!(Panicked::new(Box::new(String::from("made"))).message(), "made");
        assert_eq!(Panicked::new(Box::new(7_u8)).message(), "(a value that is not text)");
    }

    #[test]
    fn the_payload_comes_back_with_its_type() {
        let panic = Panicked::new(Box::new(7_u8));
        assert_eq!(panic.into_payload().downcast_ref::<u8>(), Some(&7));
    }

    #[test]
    fn the_error_can_be_kept_by_the_error_of_a_view() {
        fn kept<E: Error + Send + Sync + 'static>(_: &E) {}
        let error = ExecutorError::from(Panicked::new(Box::new("no")));
        kept(&error);
        assert_eq!(error.to_string(), "panicked: no");
    }
}
