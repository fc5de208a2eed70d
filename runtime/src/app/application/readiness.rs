//! Whether an application is ready, as it says itself.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, Result};

type Checking = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// Something that says whether an application is ready: a function without parameters, plain or `async`, whose error is the reason
/// why not. For [`Configurator::add_readiness_check`](crate::Configurator::add_readiness_check).
///
/// A plain one may block: it runs in a thread, though not in one of the executor's, which may be full just then. `M` tells the two
/// kinds apart, and is always inferred.
pub trait ReadinessCheck<M>: Send + Sync + 'static {
    /// Asks it.
    fn check(self: Arc<Self>) -> Checking;
}

/// Marks a plain function.
#[derive(Debug)]
pub enum Plain {}

/// Marks one that returns a future.
#[derive(Debug)]
pub enum Awaited {}

impl<F, E> ReadinessCheck<(Plain, E)> for F
where
    F: Fn() -> Result<(), E> + Send + Sync + 'static,
    E: Into<Error> + Send + 'static,
{
    fn check(self: Arc<Self>) -> Checking {
        Box::pin(async move {
            match tokio::task::spawn_blocking(move || self()).await {
                Ok(outcome) => outcome.map_err(Into::into),
                Err(_) => Err(Error::msg("it panicked")),
            }
        })
    }
}

impl<F, T, E> ReadinessCheck<(Awaited, E)> for F
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Error> + Send + 'static,
{
    fn check(self: Arc<Self>) -> Checking {
        Box::pin(async move {
            // In a task of its own, which may panic.
            match tokio::spawn(async move { self().await }).await {
                Ok(outcome) => outcome.map_err(Into::into),
                Err(_) => Err(Error::msg("it panicked")),
            }
        })
    }
}

/// The checks of an application.
#[derive(Clone, Default)]
pub(crate) struct Readiness {
    checks: Vec<(String, Arc<dyn Fn() -> Checking + Send + Sync>)>,
    /// How long each may take.
    pub(crate) limit: Duration,
}

impl Readiness {
    pub(crate) fn add<M>(&mut self, name: String, check: impl ReadinessCheck<M>) {
        let check = Arc::new(check);
        self.checks.push((name, Arc::new(move || Arc::clone(&check).check())));
    }

    /// Whether there is a check of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.checks.iter().any(|(known, _)| known == name)
    }

    /// Asks all of them at once.
    ///
    /// # Errors
    /// Each that is not ready and why, a line each.
    pub(crate) async fn check(&self) -> Result<(), String> {
        let mut running = tokio::task::JoinSet::new();
        for (place, (name, check)) in self.checks.iter().enumerate() {
            let (name, checking, limit) = (name.clone(), check(), self.limit);
            running.spawn(async move {
                let complaint = match tokio::time::timeout(limit, checking).await {
                    Ok(Ok(())) => return None,
                    Ok(Err(error)) => error.to_string(),
                    Err(_) => format!("no answer in {} s", limit.as_secs_f64()),
                };
                Some((place, format!("{name}: {complaint}")))
            });
        }
        let mut complaints = Vec::new();
        while let Some(checked) = running.join_next().await {
            complaints.extend(checked.ok().flatten());
        }
        complaints.sort_unstable();
        let complaints: Vec<_> = complaints.into_iter().map(|(_, complaint)| complaint).collect();
        if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.checks.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_limit(limit: Duration) -> Readiness {
        Readiness { limit, ..Readiness::default() }
    }

    #[tokio::test]
    async fn all_that_is_not_ready_is_named() {
        let mut readiness = with_limit(Duration::from_mins(1));
        readiness.add("cache".to_owned(), || Ok::<(), Error>(()));
        assert_eq!(readiness.check().await, Ok(()));
        readiness
            .add("database".to_owned(), || async { Err::<(), _>(std::io::Error::other("no route to it")) });
        readiness.add("queue".to_owned(), || Err::<(), _>(Error::msg("is full")));
        readiness.add("careless".to_owned(), || -> Result<()> { panic!("as it was told to") });
        let complaints = readiness.check().await.unwrap_err();
        assert_eq!(complaints, "database: no route to it\nqueue: is full\ncareless: it panicked");
    }

    #[tokio::test(start_paused = true)]
    async fn a_check_that_takes_too_long_is_not_waited_for() {
        let mut readiness = with_limit(Duration::from_secs(2));
        readiness.add("slow".to_owned(), || async {
            std::future::pending::<()>().await;
            Ok::<(), Error>(())
        });
        assert_eq!(readiness.check().await, Err("slow: no answer in 2 s".to_owned()));
    }
}
