//! What is done when a server is ready.

use std::fmt;

/// A function that is called once, or none.
#[derive(Default)]
pub(super) struct Ready(Option<Box<dyn FnOnce() + Send>>);

impl Ready {
    pub(super) fn new(ready: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(ready)))
    }

    pub(super) fn call(self) {
        if let Some(ready) = self.0 {
            ready();
        }
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ready").field(&self.0.is_some()).finish()
    }
}
