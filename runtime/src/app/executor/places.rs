//! Who may run: the queue of a pool and the rules by which threads take from it. No thread and no lock is known here.
//!
//! A pool has so many places. A thread needs one to run a job and lends it while it waits for a coroutine. A *fresh* job
//! comes from outside the pools; a *nested* one from code that a pool is running, so that a thread of a pool may be waiting
//! for it. If fresh jobs took the lent places, more and more threads would wait, and at last none would be left for what
//! they wait for. So fresh jobs are counted until they end, and lent places go to nested jobs, which therefore always find
//! one: as long as a thread is not waiting it will end or wait, and then its place is free.
//!
//! No thread is called while one is on its way to the queue anyway. Whichever comes takes a job, and calls the next where it
//! sees more, so that a burst of short jobs costs two wake-ups and not as many as there are jobs, and the event loop pays for
//! one of them.

use super::error::ExecutorError;
use super::hop::Work;
use super::shutdown::ShutdownReport;
use super::worker::Seat;
use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Fresh,
    Nested,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Open,
    /// Takes only what running jobs need.
    Closing,
    Closed,
}

/// What must be done, outside the lock, so that a job finds a thread.
pub(super) enum Call {
    Wake(Arc<Seat>),
    /// A thread of this number is to be started.
    Start(usize),
}

/// Jobs that were taken out of the queue and are not to begin.
#[derive(Default)]
pub(super) struct Stranded {
    pub(super) fresh: VecDeque<Arc<dyn Work>>,
    pub(super) nested: VecDeque<Arc<dyn Work>>,
}

pub(super) struct Places {
    limit: usize,
    /// So many fresh jobs may be in the pool, running or queued.
    capacity: usize,
    /// So many are, those included that were admitted and are about to be queued.
    admitted: usize,
    /// So many coroutines wait to be admitted.
    in_line: usize,
    fresh: VecDeque<Arc<dyn Work>>,
    nested: VecDeque<Arc<dyn Work>>,
    /// Last in, first out: the thread that ran last has its stack in the cache.
    idle: Vec<Arc<Seat>>,
    /// Threads on their way to the queue: called, or done with a job.
    coming: usize,
    alive: usize,
    /// Threads that run a job and are not waiting for a coroutine.
    active: usize,
    /// Threads that wait for a coroutine.
    waiting: usize,
    /// Fresh jobs that have begun and not ended.
    holding: usize,
    /// Jobs that ended, and jobs that were dropped, since the door began to close.
    finished: usize,
    dropped: usize,
    door: Door,
}

impl Places {
    /// At most `limit` jobs at once, and at most `capacity` fresh ones, running and queued together.
    pub(super) fn new(limit: usize, capacity: usize) -> Self {
        Self {
            limit,
            capacity,
            admitted: 0,
            in_line: 0,
            fresh: VecDeque::new(),
            nested: VecDeque::new(),
            idle: Vec::new(),
            coming: 0,
            alive: 0,
            active: 0,
            waiting: 0,
            holding: 0,
            finished: 0,
            dropped: 0,
            door: Door::Open,
        }
    }

    /// Admits a fresh job, to be added in a moment, or puts whoever has it in line; false in the latter case.
    pub(super) fn join_line(&mut self) -> bool {
        let admitted = self.admitted < self.capacity;
        if admitted {
            self.admitted += 1;
        } else {
            self.in_line += 1;
        }
        admitted
    }

    /// Lets one leave the line without having been admitted; false where none is left in it, so that it was admitted.
    pub(super) fn leave_line(&mut self) -> bool {
        let waited = self.in_line > 0;
        self.in_line -= usize::from(waited);
        waited
    }

    /// Gives the room of a fresh job, which has ended or will not begin, to the next in line. True where there is one.
    pub(super) fn release(&mut self) -> bool {
        let next = self.leave_line();
        self.admitted -= usize::from(!next);
        next
    }

    /// Admits a fresh job.
    pub(super) fn admit(&mut self) -> Result<(), ExecutorError> {
        if self.door != Door::Open {
            return Err(ExecutorError::Stopped);
        }
        if self.admitted >= self.capacity {
            return Err(ExecutorError::Full);
        }
        self.admitted += 1;
        Ok(())
    }

    /// Adds a job, which must be admitted if it is fresh.
    pub(super) fn push(&mut self, work: Arc<dyn Work>, kind: Kind) -> Result<(), ExecutorError> {
        match (kind, self.door) {
            (Kind::Fresh, Door::Open) => {
                // Those that live are fewer than half of so many, and a sweep removes all others: constant cost per job.
                if self.fresh.len() > self.capacity.saturating_mul(2).saturating_add(16) {
                    self.fresh.retain(|work| !work.is_cancelled());
                }
                self.fresh.push_back(work);
                Ok(())
            }
            (Kind::Nested, Door::Open | Door::Closing) => {
                self.nested.push_back(work);
                Ok(())
            }
            (_, Door::Closing | Door::Closed) => Err(ExecutorError::Stopped),
        }
    }

    /// A job for a thread that has none, claimed for it.
    pub(super) fn take(&mut self) -> Option<(Arc<dyn Work>, Kind)> {
        if self.active >= self.limit {
            return None;
        }
        let taken = if !self.nested.is_empty()
            && let Some(work) = claimed(&mut self.nested)
        {
            (work, Kind::Nested)
        } else if self.holding < self.limit
            && let Some(work) = claimed(&mut self.fresh)
        {
            self.holding += 1;
            (work, Kind::Fresh)
        } else {
            return None;
        };
        self.active += 1;
        Some(taken)
    }

    /// The job of a thread has ended, and the thread will come for another.
    pub(super) fn finish(&mut self, kind: Kind) {
        self.active -= 1;
        self.holding -= usize::from(kind == Kind::Fresh);
        self.finished += usize::from(self.door != Door::Open);
        self.coming += 1;
    }

    /// A thread begins to wait for a coroutine.
    pub(super) fn lend(&mut self) {
        self.active -= 1;
        self.waiting += 1;
    }

    /// A thread goes on after it waited, at once even where its place is taken: a moment with a thread too many is better
    /// than a coroutine's result that nobody fetches.
    pub(super) fn resume(&mut self) {
        self.waiting -= 1;
        self.active += 1;
    }

    /// A thread has come that was on its way.
    pub(super) fn arrive(&mut self) {
        self.coming -= 1;
    }

    /// A thread found nothing to do and is going to sleep.
    pub(super) fn rest(&mut self, seat: Arc<Seat>) {
        self.idle.push(seat);
    }

    /// The thread to be called, where a job waits that a further thread could take.
    pub(super) fn call(&mut self) -> Option<Call> {
        let runnable = self.active < self.limit
            && (!self.nested.is_empty() || (self.holding < self.limit && !self.fresh.is_empty()));
        if self.coming > 0 || !runnable {
            return None;
        }
        self.coming += 1;
        Some(if let Some(seat) = self.idle.pop() {
            Call::Wake(seat)
        } else {
            self.alive += 1;
            Call::Start(self.alive)
        })
    }

    /// A thread ends; true where it was the last.
    pub(super) fn leave(&mut self) -> bool {
        self.alive -= 1;
        self.alive == 0
    }

    /// The thread that was to be started could not be; gives the jobs that nobody is left to run.
    pub(super) fn not_started(&mut self) -> Stranded {
        self.arrive();
        if self.leave() { self.empty() } else { Stranded::default() }
    }

    /// Lets no more in, and gives the threads that sleep, to be called.
    pub(super) fn close(&mut self, door: Door) -> Vec<Arc<Seat>> {
        self.door = door;
        self.coming += self.idle.len();
        mem::take(&mut self.idle)
    }

    /// Takes out the fresh jobs that have not begun.
    pub(super) fn empty_fresh(&mut self) -> Stranded {
        Stranded { fresh: mem::take(&mut self.fresh), nested: VecDeque::new() }
    }

    /// Takes out everything that has not begun.
    pub(super) fn empty(&mut self) -> Stranded {
        Stranded { fresh: mem::take(&mut self.fresh), nested: mem::take(&mut self.nested) }
    }

    pub(super) fn door(&self) -> Door {
        self.door
    }

    pub(super) fn alive(&self) -> usize {
        self.alive
    }

    pub(super) fn running(&self) -> usize {
        self.active + self.waiting
    }

    /// So many jobs were taken out and dropped.
    pub(super) fn dropped(&mut self, jobs: usize) {
        self.dropped += jobs;
    }

    pub(super) fn report(&self) -> ShutdownReport {
        ShutdownReport {
            finished: self.finished,
            dropped: self.dropped,
            abandoned_jobs: self.running(),
            abandoned_threads: self.alive,
        }
    }

    /// How many entries the queue has, husks of cancelled jobs included.
    #[cfg(test)]
    pub(super) fn entries(&self) -> usize {
        self.fresh.len() + self.nested.len()
    }

    pub(super) fn queued(&self) -> usize {
        self.fresh.iter().chain(&self.nested).filter(|work| !work.is_cancelled()).count()
    }
}

/// The first job of `queue` that may still begin; the husks before it are dropped.
#[inline]
fn claimed(queue: &mut VecDeque<Arc<dyn Work>>) -> Option<Arc<dyn Work>> {
    while let Some(work) = queue.pop_front() {
        if work.claim() {
            return Some(work);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::hop::{Awaited, Task};
    use super::*;

    fn job() -> Arc<dyn Work> {
        Arc::new(Task::new(|| ()))
    }

    fn add(places: &mut Places, kind: Kind) -> Option<Call> {
        if kind == Kind::Fresh {
            places.admit().unwrap();
        }
        places.push(job(), kind).unwrap();
        places.call()
    }

    fn kind_taken(places: &mut Places) -> Option<Kind> {
        places.take().map(|(_, kind)| kind)
    }

    #[test]
    fn no_thread_is_called_while_one_is_on_its_way() {
        let mut places = Places::new(3, 10);
        assert!(matches!(add(&mut places, Kind::Fresh), Some(Call::Start(1))));
        assert!(add(&mut places, Kind::Fresh).is_none());
        places.arrive();
        assert_eq!(kind_taken(&mut places), Some(Kind::Fresh));
        assert!(matches!(places.call(), Some(Call::Start(2))), "whoever comes calls the next");
        places.finish(Kind::Fresh);
        places.arrive();
        assert_eq!(kind_taken(&mut places), Some(Kind::Fresh));
        assert!(places.call().is_none(), "nothing is left to be taken");
    }

    #[test]
    fn fresh_jobs_do_not_take_lent_places() {
        let mut places = Places::new(1, 10);
        add(&mut places, Kind::Fresh);
        places.arrive();
        assert_eq!(kind_taken(&mut places), Some(Kind::Fresh));
        assert!(add(&mut places, Kind::Fresh).is_none());
        places.lend();
        assert!(places.call().is_none());
        assert!(places.take().is_none());
    }

    #[test]
    fn nested_jobs_take_lent_places_and_go_before_fresh_ones() {
        let mut places = Places::new(1, 10);
        add(&mut places, Kind::Fresh);
        add(&mut places, Kind::Fresh);
        places.arrive();
        assert_eq!(kind_taken(&mut places), Some(Kind::Fresh));
        assert!(add(&mut places, Kind::Nested).is_none(), "the only place is taken");
        places.lend();
        assert!(matches!(places.call(), Some(Call::Start(2))));
        places.arrive();
        assert_eq!(kind_taken(&mut places), Some(Kind::Nested));
        places.resume();
        places.finish(Kind::Nested);
        places.arrive();
        assert_eq!(kind_taken(&mut places), None, "the place belongs to the thread that came back");
        places.finish(Kind::Fresh);
        places.arrive();
        assert_eq!(kind_taken(&mut places), Some(Kind::Fresh));
    }

    #[test]
    fn cancelled_jobs_are_skipped_and_swept() {
        let mut places = Places::new(1, 2);
        for _ in 0..1_000 {
            let task = Arc::new(Task::new(|| ()));
            places.admit().unwrap();
            places.push(task.clone(), Kind::Fresh).unwrap();
            assert!(task.cancel());
            assert!(!places.release());
        }
        assert!(places.entries() <= 21);
        assert_eq!(places.queued(), 0);
        add(&mut places, Kind::Fresh);
        places.arrive();
        assert_eq!(kind_taken(&mut places), Some(Kind::Fresh));
        assert_eq!(places.entries(), 0);
    }

    #[test]
    fn room_goes_to_the_line_before_it_goes_to_newcomers() {
        let mut places = Places::new(1, 1);
        assert!(places.join_line());
        assert!(!places.join_line());
        assert!(places.release());
        assert!(matches!(places.admit(), Err(ExecutorError::Full)));
        assert!(!places.release());
        assert!(places.admit().is_ok());
    }

    #[test]
    fn a_closing_door_lets_in_only_what_running_jobs_need() {
        let mut places = Places::new(1, 1);
        assert!(places.close(Door::Closing).is_empty());
        assert!(matches!(places.admit(), Err(ExecutorError::Stopped)));
        assert!(matches!(places.push(job(), Kind::Fresh), Err(ExecutorError::Stopped)));
        assert!(places.push(job(), Kind::Nested).is_ok());
        places.close(Door::Closed);
        assert!(matches!(places.push(job(), Kind::Nested), Err(ExecutorError::Stopped)));
    }

    #[test]
    fn when_the_only_thread_cannot_be_started_its_jobs_are_given_up() {
        let mut places = Places::new(1, 10);
        assert!(matches!(add(&mut places, Kind::Fresh), Some(Call::Start(1))));
        assert_eq!(places.not_started().fresh.len(), 1);
        assert_eq!(places.alive(), 0);
        assert!(matches!(add(&mut places, Kind::Fresh), Some(Call::Start(1))), "the next job tries again");
    }
}
