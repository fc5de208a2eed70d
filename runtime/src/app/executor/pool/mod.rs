//! A bounded pool: so many threads, so many jobs that may wait for one.

use super::config::PoolConfig;
use super::error::ExecutorError;
#[cfg(feature = "metrics")]
use super::figures::Figures;
use super::hop::{Job, Task, Work};
use super::places::{Call, Door, Kind, Places, Stranded};
use super::shutdown::{ShutdownReport, Unstarted};
use super::{Pools, scope, worker};
use std::fmt;
#[cfg(feature = "metrics")]
use std::sync::OnceLock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout_at};

/// A pool of threads, as large as its [`PoolConfig`] says. Cloning it is cheap and gives the same pool.
///
/// Threads are started one by one when there is a job that no idle thread could take, and are kept.
#[derive(Clone)]
pub struct Pool(Arc<Keeper>);

/// Closes the pool when nobody is left to submit to it. The threads know only what is inside.
struct Keeper(Arc<Shared>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.close(Unstarted::Finish);
    }
}

/// What the submitting side and the threads share.
pub(super) struct Shared {
    pub(super) config: PoolConfig,
    pub(super) executor: Weak<Pools>,
    /// Told when the last thread has ended.
    pub(super) ended: Notify,
    places: Mutex<Places>,
    /// Where coroutines wait for room. A permit in it is room that has been given to one of them and not been taken yet;
    /// how many wait is counted in `places`, under whose lock permits are given.
    line: Semaphore,
    /// What is counted, where somebody wants to know.
    #[cfg(feature = "metrics")]
    figures: OnceLock<Figures>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Pool {
    /// A pool that belongs to no executor.
    pub fn new(config: PoolConfig) -> Self {
        Self::inside(config, Weak::new())
    }

    pub(super) fn inside(config: PoolConfig, executor: Weak<Pools>) -> Self {
        let capacity = config.threads.saturating_add(config.queue);
        Self(Arc::new(Keeper(Arc::new(Shared {
            places: Mutex::new(Places::new(config.threads, capacity)),
            line: Semaphore::new(0),
            #[cfg(feature = "metrics")]
            figures: OnceLock::new(),
            threads: Mutex::default(),
            ended: Notify::new(),
            executor,
            config,
        }))))
    }

    /// Hands `work` to a thread, and refuses at once where there is no room for it. It runs whether the job is polled or
    /// not, but not when the job is dropped before it has begun.
    ///
    /// Called in a coroutine for which a thread of this same pool is waiting (see [`synchronize`](super::synchronize)), the
    /// work runs right here: that thread has nothing else to do. So a plain tween around a plain view is one hop, not two.
    ///
    /// # Errors
    /// [`ExecutorError::Full`], or [`ExecutorError::Stopped`] after a shutdown. What running the work can end with is in
    /// the job: [`ExecutorError::Panicked`] and [`ExecutorError::Dropped`].
    pub fn try_run<F, T>(&self, work: F) -> Result<Job<T>, ExecutorError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        if scope::waits_in(self.shared()) {
            return Ok(Job::here(work));
        }
        self.submit(work, scope::kind(), Places::admit)
    }

    /// Runs `work` in a thread, and waits first where there is no room for it. Waiting is in order of arrival.
    ///
    /// # Errors
    /// [`ExecutorError::Panicked`], and around a shutdown [`ExecutorError::Dropped`] and [`ExecutorError::Stopped`].
    pub async fn run<F, T>(&self, work: F) -> Result<T, ExecutorError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let kind = scope::kind();
        if kind == Kind::Fresh {
            self.shared().room().await?;
        }
        self.submit(work, kind, |_| Ok(()))?.await
    }

    fn submit<F, T>(
        &self,
        work: F,
        kind: Kind,
        admit: fn(&mut Places) -> Result<(), ExecutorError>,
    ) -> Result<Job<T>, ExecutorError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let shared = self.shared();
        #[cfg_attr(not(feature = "metrics"), expect(unused_mut, reason = "with figures it is"))]
        let mut task = Task::new(work);
        #[cfg(feature = "metrics")]
        task.submitted_at(shared.now());
        let task = Arc::new(task);
        shared.push(task.clone(), kind, admit)?;
        Ok(Job::handed(task, (kind == Kind::Fresh).then(|| shared.clone())))
    }

    /// Its name in settings and on its threads.
    pub fn name(&self) -> &str {
        &self.shared().config.name
    }

    /// How large it is.
    pub fn config(&self) -> &PoolConfig {
        &self.shared().config
    }

    /// How many jobs wait for a thread now. Counts them one by one: for a status page, not for every request.
    pub fn queued(&self) -> usize {
        self.shared().places().queued()
    }

    /// How many jobs have begun and not ended, those included that wait for a coroutine.
    pub fn running(&self) -> usize {
        self.shared().places().running()
    }

    /// How many threads there are now, idle ones included. More than [`PoolConfig::threads`] only where threads that wait
    /// for a coroutine have lent their places.
    pub fn threads(&self) -> usize {
        self.shared().places().alive()
    }

    /// What it counts, from the first call on.
    #[cfg(feature = "metrics")]
    pub(crate) fn figures(&self) -> &Figures {
        self.shared().figures.get_or_init(Figures::default)
    }

    pub(super) fn close(&self, unstarted: Unstarted) {
        self.shared().close(unstarted);
    }

    /// Waits until the threads of a closing pool have ended, at most until `deadline`.
    pub(super) async fn emptied(&self, deadline: Instant) {
        let shared = self.shared();
        loop {
            let mut ended = std::pin::pin!(shared.ended.notified());
            ended.as_mut().enable();
            if shared.places().alive() == 0 || timeout_at(deadline, ended).await.is_err() {
                return;
            }
        }
    }

    /// Lets nothing more in, drops what has not begun, and counts.
    pub(super) fn end(&self) -> ShutdownReport {
        self.shared().end()
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.0.0
    }
}

impl Shared {
    /// The lock is held for a few instructions at a time. No code of an application runs under it but the waker of a
    /// coroutine that is next in line.
    pub(super) fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for a fresh job, which is admitted then.
    async fn room(&self) -> Result<(), ExecutorError> {
        if self.places().join_line() {
            return Ok(());
        }
        let mut place = PlaceInLine { shared: self, left: false };
        let room = self.line.acquire().await.map_err(|_| ExecutorError::Stopped)?;
        room.forget();
        place.left = true;
        Ok(())
    }

    /// Gives back the room of a fresh job that has ended or will not begin.
    pub(super) fn make_room(&self, places: &mut Places) {
        if places.release() {
            self.line.add_permits(1);
        }
    }

    fn push(
        self: &Arc<Self>,
        work: Arc<dyn Work>,
        kind: Kind,
        admit: fn(&mut Places) -> Result<(), ExecutorError>,
    ) -> Result<(), ExecutorError> {
        let mut places = self.places();
        if kind == Kind::Fresh {
            admit(&mut places).inspect_err(|error| self.rejects(error))?;
        }
        places.push(work, kind)?;
        let call = places.call();
        drop(places);
        self.make(call);
        Ok(())
    }

    /// A job is refused.
    #[cfg_attr(
        not(feature = "metrics"),
        allow(clippy::unused_self, unused_variables, reason = "as with figures")
    )]
    fn rejects(&self, error: &ExecutorError) {
        #[cfg(feature = "metrics")]
        if let (ExecutorError::Full, Some(figures)) = (error, self.figures.get()) {
            figures.rejected.inc();
        }
    }

    /// A job has found a thread.
    #[cfg(feature = "metrics")]
    pub(super) fn starts(&self, work: &dyn Work) {
        if let (Some(figures), Some(since)) = (self.figures.get(), work.submitted()) {
            figures.wait.observe(since.elapsed().as_secs_f64());
        }
    }

    /// When a job is submitted, if that is of interest.
    #[cfg(feature = "metrics")]
    fn now(&self) -> Option<std::time::Instant> {
        self.figures.get().map(|_| std::time::Instant::now())
    }

    /// Makes the call that [`Places`] asked for. Not under the lock: the called thread would only run into it.
    pub(super) fn make(self: &Arc<Self>, call: Option<Call>) {
        match call {
            None => {}
            Some(Call::Wake(seat)) => seat.call(),
            Some(Call::Start(number)) => self.start(number),
        }
    }

    #[cold]
    fn start(self: &Arc<Self>, number: usize) {
        let shared = self.clone();
        let started =
            thread::Builder::new().name(self.config.thread_name(number)).spawn(move || worker::work(&shared));
        match started {
            Ok(thread) => {
                let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
                threads.retain(|thread| !thread.is_finished());
                threads.push(thread);
            }
            Err(error) => {
                tracing::error!(pool = self.config.name, %error, "no thread could be started");
                let stranded = self.places().not_started();
                self.refuse(&stranded);
            }
        }
    }

    /// Gives up jobs that were taken out of the queue, and says how many had not been given up before.
    fn refuse(&self, stranded: &Stranded) -> usize {
        let fresh = stranded.fresh.iter().filter(|work| work.refuse()).count();
        let nested = stranded.nested.iter().filter(|work| work.refuse()).count();
        let mut places = self.places();
        for _ in 0..fresh {
            self.make_room(&mut places);
        }
        fresh + nested
    }

    /// A thread waits by `wait` for a coroutine, and lends its place meanwhile.
    pub(super) fn lend_place(self: &Arc<Self>, wait: impl FnOnce()) {
        let call = {
            let mut places = self.places();
            places.lend();
            places.call()
        };
        self.make(call);
        wait();
        self.places().resume();
    }

    fn close(self: &Arc<Self>, unstarted: Unstarted) {
        self.line.close();
        let (dropped, idle, call) = {
            let mut places = self.places();
            if places.door() != Door::Open {
                return;
            }
            let dropped =
                if unstarted == Unstarted::Drop { places.empty_fresh() } else { Stranded::default() };
            let idle = places.close(Door::Closing);
            (dropped, idle, places.call())
        };
        self.make(call);
        for seat in idle {
            seat.call();
        }
        let dropped = self.refuse(&dropped);
        self.places().dropped(dropped);
    }

    fn end(&self) -> ShutdownReport {
        let (unstarted, idle, mut report) = {
            let mut places = self.places();
            let idle = places.close(Door::Closed);
            (places.empty(), idle, places.report())
        };
        for seat in idle {
            seat.call();
        }
        report.dropped += self.refuse(&unstarted);
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if report.abandoned_threads == 0 {
            for thread in threads.drain(..) {
                // They have said that they end, so this does not wait; how they ended is of no interest any more.
                let _ = thread.join();
            }
        }
        report
    }
}

/// One coroutine in the line.
struct PlaceInLine<'a> {
    shared: &'a Shared,
    left: bool,
}

impl Drop for PlaceInLine<'_> {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        let mut places = self.shared.places();
        // Where everybody in line has been given room, one share is nobody's now.
        if !places.leave_line()
            && let Ok(room) = self.shared.line.try_acquire()
        {
            room.forget();
            self.shared.make_room(&mut places);
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("config", self.config()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
