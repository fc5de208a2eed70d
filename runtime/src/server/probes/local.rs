//! What one process can say of itself.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Question, Reply};
use crate::server::health::Health;
use crate::server::metrics::Metrics;
use crate::server::roster::Roster;

type Checked = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// What asks an application whether it is ready.
#[derive(Clone, Default)]
pub(in crate::server) struct Readiness(Option<Arc<dyn Fn() -> Checked + Send + Sync>>);

impl Readiness {
    pub(in crate::server) fn new<F>(check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self(Some(Arc::new(move || Box::pin(check()))))
    }

    async fn check(&self) -> Result<(), String> {
        match &self.0 {
            Some(check) => check().await,
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Readiness").field(&self.0.is_some()).finish()
    }
}

/// What one process that serves can say of itself.
#[derive(Debug, Clone)]
pub(in crate::server) struct Local {
    pub(in crate::server) rosters: Vec<Arc<Roster>>,
    readiness: Readiness,
    health: Arc<Mutex<Health>>,
    /// How long an event loop may stand still.
    patience: Duration,
    metrics: Option<Arc<Metrics>>,
}

impl Local {
    pub(in crate::server) fn new(
        readiness: Readiness,
        rosters: &[Arc<Roster>],
        patience: Duration,
        metrics: Option<Arc<Metrics>>,
    ) -> Self {
        if let Some(metrics) = &metrics {
            metrics.watches(rosters);
        }
        let health = Arc::new(Mutex::new(Health::of(rosters)));
        Self { rosters: rosters.to_vec(), readiness, health, patience, metrics }
    }

    /// What was counted, where that is done.
    pub(in crate::server) fn metrics(&self) -> Option<String> {
        self.metrics.as_ref().map(|metrics| metrics.text())
    }

    /// The answer to a question.
    pub(in crate::server) async fn answer(&self, question: Question) -> Reply {
        match question {
            Question::Alive => self.alive(),
            Question::Ready => self.ready().await,
            Question::Metrics => Reply::good(self.metrics().unwrap_or_default()),
        }
    }

    /// Whether the event loops turn.
    pub(in crate::server) fn alive(&self) -> Reply {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let longest = health.standstills().max().unwrap_or_default();
        if self.patience.is_zero() || longest <= self.patience {
            return Reply::good("alive");
        }
        Reply::bad(format!("an event loop has not turned for {} s", longest.as_secs()))
    }

    /// Whether the application says that it is ready.
    pub(in crate::server) async fn ready(&self) -> Reply {
        match self.readiness.check().await {
            Ok(()) => Reply::good("ready"),
            Err(why) => Reply::bad(why),
        }
    }
}
