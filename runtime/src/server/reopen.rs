//! What is done when logs are to be opened again.

use std::fmt;
use std::sync::Arc;

use super::access_log::AccessLog;

/// A function, or none.
#[derive(Clone, Default)]
pub(super) struct Reopen(Option<Arc<dyn Fn() + Send + Sync>>);

impl Reopen {
    pub(super) fn new(reopen: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(reopen)))
    }

    /// The same, and the access log.
    pub(super) fn and(self, access_log: Option<AccessLog>) -> Self {
        let Some(access_log) = access_log else { return self };
        Self::new(move || {
            self.call();
            access_log.reopen();
        })
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
