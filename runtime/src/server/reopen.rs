//! What is done when logs are to be opened again.

use std::fmt;
use std::sync::Arc;

/// A function, or none.
#[derive(Clone, Default)]
pub(super) struct Reopen(Option<Arc<dyn Fn() + Send + Sync>>);

impl Reopen {
    pub(super) fn new(reopen: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(reopen)))
    }

    pub(super) fn call(&self) {
        if let Some(reopen) = &self.0 {
            reopen();
        }
    }
}

impl fmt::Debug for Reopen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reopen").field(&self.0.is_some()).finish()
    }
}
