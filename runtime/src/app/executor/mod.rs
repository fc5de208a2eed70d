//! Where plain functions run: bounded pools of threads beside the event loop.
//!
//! A plain view may block, so it must not run on the event loop. It is handed to a [`Pool`]: a bounded
//! number of threads, a bounded number of jobs that wait for one. When both are full the pool says so at once
//! ([`ExecutorError::Full`]), and the application answers 503 while coroutines go on undisturbed. An [`Executor`] is the
//! default pool of an application and its named pools, which keep one kind of blocking work from starving another.
//!
//! - [`use_executor`] lets a coroutine call blocking code, [`synchronize`] lets blocking code wait for a coroutine. They
//!   nest in each other to any depth: a thread that waits for a coroutine lends its place.
//! - [`Cancellation`] tells running work that nobody waits for it any more; work that has not begun is not begun.
//! - [`Watchdog`] finds, in development, the coroutine that ought to have been a plain function.
//!
//! ```
//! # use aiopyramid::executor::{Executor, PoolConfig};
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # runtime.block_on(async {
//! let executor = Executor::new(PoolConfig::new("default").threads(2).queue(10));
//! let sum = executor.run(|| (1..=10).sum::<u32>()).await?;
//! assert_eq!(sum, 55);
//! # Ok::<(), aiopyramid::executor::ExecutorError>(())
//! # }).unwrap();
//! ```

mod bridge;
mod config;
mod entrance;
mod error;
#[cfg(feature = "metrics")]
mod figures;
mod hop;
mod places;
mod pool;
mod scope;
mod shutdown;
mod watchdog;
mod worker;

pub use self::bridge::{ScopeError, synchronize, use_executor};
pub use self::config::PoolConfig;
pub(crate) use self::entrance::Entrance;
pub use self::error::{ExecutorError, Panicked};
pub use self::hop::{Cancellation, Job};
pub use self::pool::Pool;
pub use self::scope::enter;
pub use self::shutdown::{ShutdownReport, Unstarted};
pub use self::watchdog::{Held, Site, Watchdog, WatchdogConfig};

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::Instant;

/// The pools of one application: the default one and those with a name. Cloning it is cheap and gives the same pools.
///
/// No thread is started before there is a job for it, so an application that has only coroutines has none. When the last
/// clone is dropped, jobs that are queued are finished and the threads end; [`shutdown`](Self::shutdown) waits for that.
#[derive(Clone, Debug)]
pub struct Executor(Arc<Pools>);

#[derive(Debug)]
pub(super) struct Pools {
    default: Pool,
    named: BTreeMap<String, Pool>,
}

impl Executor {
    /// An executor of one pool.
    pub fn new(default: PoolConfig) -> Self {
        Self::build(default, BTreeMap::new())
    }

    /// An executor of a default pool and further pools, each asked for by its name.
    ///
    /// # Errors
    /// [`ExecutorError::DuplicatePool`] where two pools, the default one included, have the same name: they would share
    /// the names of their threads, and one of them could not be asked for.
    pub fn with_pools(
        default: PoolConfig,
        named: impl IntoIterator<Item = PoolConfig>,
    ) -> Result<Self, ExecutorError> {
        let mut configs = BTreeMap::new();
        for config in named {
            if config.name == default.name || configs.contains_key(&config.name) {
                return Err(ExecutorError::DuplicatePool(config.name));
            }
            configs.insert(config.name.clone(), config);
        }
        Ok(Self::build(default, configs))
    }

    fn build(default: PoolConfig, named: BTreeMap<String, PoolConfig>) -> Self {
        Self(Arc::new_cyclic(|executor| Pools {
            default: Pool::inside(default, executor.clone()),
            named: named
                .into_iter()
                .map(|(name, config)| (name, Pool::inside(config, executor.clone())))
                .collect(),
        }))
    }

    /// The executor of code that belongs to no application, with the default size. Made when it is first asked for.
    pub fn process_wide() -> &'static Self {
        static PROCESS_WIDE: OnceLock<Executor> = OnceLock::new();
        PROCESS_WIDE.get_or_init(|| Self::new(PoolConfig::default()))
    }

    /// The executor of the application whose code is running on this thread, if one is: what [`enter`] set on an event
    /// loop, and on a thread of a pool the executor that the pool belongs to.
    pub fn current() -> Option<Self> {
        scope::executor().map(Self)
    }

    /// The pool for whatever does not ask for another.
    pub fn default_pool(&self) -> &Pool {
        &self.0.default
    }

    /// The pool of that name; the default pool has one too.
    pub fn pool(&self, name: &str) -> Option<&Pool> {
        if name == self.0.default.name() { Some(&self.0.default) } else { self.0.named.get(name) }
    }

    /// All pools, the default one first.
    pub fn pools(&self) -> impl Iterator<Item = &Pool> {
        std::iter::once(&self.0.default).chain(self.0.named.values())
    }

    /// [`Pool::try_run`] in the default pool.
    ///
    /// # Errors
    /// As there: [`ExecutorError::Full`] and [`ExecutorError::Stopped`].
    pub fn try_run<F, T>(&self, work: F) -> Result<Job<T>, ExecutorError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.0.default.try_run(work)
    }

    /// [`Pool::run`] in the default pool.
    ///
    /// # Errors
    /// As there: [`ExecutorError::Panicked`], [`ExecutorError::Dropped`] and [`ExecutorError::Stopped`].
    pub async fn run<F, T>(&self, work: F) -> Result<T, ExecutorError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.0.default.run(work).await
    }

    /// Ends all pools at once: no new work is taken, what is running may finish, and `unstarted` says what becomes of what
    /// is queued. Returns when all threads have ended, or after `grace`; the report says which. A job that is still running
    /// then cannot be stopped; its thread is left behind, and what is still queued is dropped.
    ///
    /// The event loops should still be turning meanwhile: a job may be waiting for a coroutine.
    ///
    /// # Panics
    /// When it is awaited outside a tokio runtime with a timer.
    pub async fn shutdown(&self, grace: Duration, unstarted: Unstarted) -> ShutdownReport {
        let deadline = Instant::now() + grace;
        for pool in self.pools() {
            pool.close(unstarted);
        }
        // None is closed to the nested jobs of the others before all have ended.
        for pool in self.pools() {
            pool.emptied(deadline).await;
        }
        let mut report = ShutdownReport::default();
        for pool in self.pools() {
            report += pool.end();
        }
        report
    }
}

/// One pool of [`PoolConfig::default`].
impl Default for Executor {
    fn default() -> Self {
        Self::new(PoolConfig::default())
    }
}

#[cfg(test)]
mod tests;
