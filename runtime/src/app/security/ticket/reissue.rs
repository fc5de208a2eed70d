//! Which tickets of a request are to be replaced.

use std::sync::{Arc, Mutex, PoisonError};

/// Which tickets of a request are to be replaced with its response, by the names of their cookies. Somebody who is remembered or
/// forgotten meanwhile gets what that says.
#[derive(Debug, Clone, Default)]
pub(super) struct Reissue(Arc<Mutex<Vec<Mark>>>);

#[derive(Debug)]
struct Mark {
    cookie: String,
    due: bool,
}

impl Reissue {
    /// Notes that a ticket is due; `false` where it was noted, or is not to be replaced.
    pub(super) fn begin(&self, cookie: &str) -> bool {
        self.with(|marks| {
            let new = !marks.iter().any(|mark| mark.cookie == cookie);
            if new {
                marks.push(Mark { cookie: cookie.to_owned(), due: true });
            }
            new
        })
    }

    /// Notes that a ticket is not to be replaced.
    pub(super) fn prevent(&self, cookie: &str) {
        self.with(|marks| match marks.iter_mut().find(|mark| mark.cookie == cookie) {
            Some(mark) => mark.due = false,
            None => marks.push(Mark { cookie: cookie.to_owned(), due: false }),
        });
    }

    /// Whether it is to be replaced still.
    pub(super) fn is_due(&self, cookie: &str) -> bool {
        self.with(|marks| marks.iter().any(|mark| mark.cookie == cookie && mark.due))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Mark>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
