//! Which route and which view a request led to, for who keeps a record of it.

use std::sync::{Arc, Mutex, PoisonError};

/// A place for which route and which view a request led to. Whoever keeps a record of requests puts one among the extensions of
/// each, and says by [`ConnectionInfo::recorded`](super::connection_info::ConnectionInfo) that it is there; the application
/// fills it in on the way, so that it is known also where the client has left before there was an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct AnsweredBy(Arc<Mutex<Names>>);

/// The names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// The pattern of the route.
    pub(crate) route: Option<Arc<str>>,
    /// The path of the function.
    pub(crate) view: Option<Arc<str>>,
}

impl AnsweredBy {
    /// Says which route matched.
    pub(crate) fn set_route(&self, pattern: &Arc<str>) {
        self.with(|names| names.route = Some(Arc::clone(pattern)));
    }

    /// Says which view is called. One that is asked only because another one has failed does not count where that is known.
    pub(crate) fn set_view(&self, name: &Arc<str>, instead: bool) {
        self.with(|names| {
            if !instead || names.view.is_none() {
                names.view = Some(Arc::clone(name));
            }
        });
    }

    /// What is known so far.
    pub(crate) fn names(&self) -> Names {
        self.with(|names| names.clone())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Names) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
