use super::*;
use crate::app::executor::Cancellation;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::task::Poll;
use tokio::runtime::{Builder, Runtime};

fn event_loop() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn pool(threads: usize, queue: usize) -> Pool {
    Pool::new(PoolConfig::new("test").threads(threads).queue(queue))
}

/// Occupies a thread of `pool` until the sender is used or dropped; returns when it runs.
fn occupy(pool: &Pool) -> (Job<()>, Sender<()>) {
    let (begun, begins) = channel();
    let (release, released) = channel::<()>();
    let job = pool
        .try_run(move || {
            begun.send(()).unwrap();
            let _ = released.recv();
        })
        .unwrap();
    begins.recv().unwrap();
    (job, release)
}

#[test]
fn work_runs_in_a_named_thread_and_its_result_comes_back() {
    let pool = pool(1, 1);
    let name = event_loop().block_on(pool.run(|| thread::current().name().map(str::to_owned)));
    assert_eq!(name.unwrap().as_deref(), Some("aio-test-1"));
}

#[test]
fn no_thread_is_started_before_there_is_work() {
    let pool = pool(4, 1);
    assert_eq!(pool.threads(), 0);
    event_loop().block_on(pool.run(|| ())).unwrap();
    assert_eq!(pool.threads(), 1);
}

#[test]
fn as_many_jobs_run_at_once_as_there_are_threads() {
    let pool = pool(4, 0);
    let together = Arc::new(Barrier::new(4));
    let jobs: Vec<_> = (0..4)
        .map(|_| {
            let together = together.clone();
            pool.try_run(move || together.wait().is_leader()).unwrap()
        })
        .collect();
    event_loop().block_on(async {
        let mut leaders = 0;
        for job in jobs {
            leaders += usize::from(job.await.unwrap());
        }
        assert_eq!(leaders, 1);
    });
}

#[test]
fn no_more_jobs_run_at_once_than_there_are_threads() {
    let pool = pool(3, 100);
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let jobs: Vec<_> = (0..100)
        .map(|_| {
            let (running, most) = (running.clone(), most.clone());
            pool.try_run(move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
            })
            .unwrap()
        })
        .collect();
    event_loop().block_on(async {
        for job in jobs {
            job.await.unwrap();
        }
    });
    assert!(most.load(Ordering::SeqCst) <= 3);
    assert!(pool.threads() <= 3);
}

#[test]
fn a_full_queue_refuses_at_once_and_takes_work_again_when_there_is_room() {
    let pool = pool(1, 1);
    let event_loop = event_loop();
    let (running, release) = occupy(&pool);
    let queued = pool.try_run(|| 2).unwrap();
    assert_eq!((pool.running(), pool.queued()), (1, 1));
    assert!(matches!(pool.try_run(|| 3), Err(ExecutorError::Full)));
    release.send(()).unwrap();
    event_loop.block_on(async {
        running.await.unwrap();
        assert_eq!(queued.await.unwrap(), 2);
        assert_eq!(pool.try_run(|| 4).unwrap().await.unwrap(), 4);
    });
}

#[test]
fn a_pool_without_a_queue_takes_the_next_job_as_soon_as_the_last_has_answered() {
    let pool = pool(1, 0);
    event_loop().block_on(async {
        for n in 0..1_000 {
            assert_eq!(pool.try_run(move || n).unwrap().await.unwrap(), n);
        }
    });
}

#[test]
fn waiting_work_runs_when_there_is_room() {
    let pool = pool(1, 0);
    let event_loop = event_loop();
    let (running, release) = occupy(&pool);
    event_loop.block_on(async {
        let mut waiting = std::pin::pin!(pool.run(|| 7));
        // Polled once, so that it waits in line before the thread is released.
        poll_fn(|cx| {
            assert!(waiting.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        assert!(matches!(pool.try_run(|| ()), Err(ExecutorError::Full)));
        release.send(()).unwrap();
        assert_eq!(waiting.await.unwrap(), 7);
        running.await.unwrap();
    });
}

#[test]
fn a_coroutine_that_leaves_the_line_leaves_its_room_to_the_next() {
    let pool = pool(1, 0);
    let event_loop = event_loop();
    let (running, release) = occupy(&pool);
    event_loop.block_on(async {
        let mut first = Box::pin(pool.run(|| 1));
        let mut second = Box::pin(pool.run(|| 2));
        let mut third = Box::pin(pool.run(|| 3));
        poll_fn(|cx| {
            for waiting in
                [first.as_mut() as Pin<&mut dyn Future<Output = _>>, second.as_mut(), third.as_mut()]
            {
                assert!(waiting.poll(cx).is_pending());
            }
            Poll::Ready(())
        })
        .await;
        // One leaves before there is room, one when it has been given room and has not looked yet.
        drop(second);
        release.send(()).unwrap();
        running.await.unwrap();
        drop(first);
        assert_eq!(third.await.unwrap(), 3);
        // Nothing got lost on the way.
        assert_eq!(pool.try_run(|| 4).unwrap().await.unwrap(), 4);
        assert!(matches!(occupied_then_try(&pool), Err(ExecutorError::Full)));
    });
}

/// What a further job gets while the only thread is occupied.
fn occupied_then_try(pool: &Pool) -> Result<(), ExecutorError> {
    let (_running, _release) = occupy(pool);
    pool.try_run(|| ()).map(drop)
}

#[test]
fn coroutines_come_and_leave_the_line_without_losing_room() {
    let pool = pool(2, 1);
    event_loop().block_on(async {
        for round in 0..300_usize {
            let mut jobs: Vec<_> = (0..12).map(|n| Box::pin(pool.run(move || n))).collect();
            poll_fn(|cx| {
                for job in &mut jobs {
                    let _ = job.as_mut().poll(cx);
                }
                Poll::Ready(())
            })
            .await;
            tokio::task::yield_now().await;
            jobs.truncate(round % 12);
        }
        let (first, second, third) = tokio::join!(pool.run(|| 1), pool.run(|| 2), pool.run(|| 3));
        assert_eq!((first.unwrap(), second.unwrap(), third.unwrap()), (1, 2, 3));
    });
    while pool.running() > 0 {
        thread::yield_now();
    }
    // Two on threads and one in the queue: as many as ever.
    let occupied: Vec<_> = (0..2).map(|_| occupy(&pool)).collect();
    let queued = pool.try_run(|| ()).unwrap();
    assert!(matches!(pool.try_run(|| ()), Err(ExecutorError::Full)));
    drop((occupied, queued));
}

#[test]
fn queued_work_that_nobody_waits_for_never_runs_and_is_freed_at_once() {
    let pool = pool(1, 1);
    let (running, release) = occupy(&pool);
    let (held, dropped) = channel::<()>();
    let queued = pool.try_run(move || held.send(()).unwrap()).unwrap();
    drop(queued);
    // The thread is still occupied, so it was the drop that freed what the closure held.
    assert!(dropped.recv().is_err());
    assert_eq!(pool.queued(), 0);
    let next = pool.try_run(|| 5).expect("its room is free again");
    release.send(()).unwrap();
    event_loop().block_on(async {
        running.await.unwrap();
        assert_eq!(next.await.unwrap(), 5);
    });
}

#[test]
fn clients_that_come_and_leave_do_not_fill_a_stuck_pool() {
    let pool = pool(1, 3);
    let (_running, _release) = occupy(&pool);
    for _ in 0..10_000 {
        drop(pool.try_run(|| ()).unwrap());
    }
    assert!(pool.shared().places().entries() < 100, "husks are swept");
}

#[test]
fn running_work_can_see_that_nobody_waits_any_more() {
    let pool = pool(1, 0);
    let (tell, told) = channel();
    let (seen, sees) = channel();
    let job = pool
        .try_run(move || {
            let cancellation = Cancellation::current().unwrap();
            tell.send(cancellation.is_cancelled()).unwrap();
            while !cancellation.is_cancelled() {
                thread::yield_now();
            }
            seen.send(()).unwrap();
        })
        .unwrap();
    assert!(!told.recv().unwrap());
    drop(job);
    sees.recv().unwrap();
}

#[test]
fn outside_a_pool_nothing_can_be_cancelled() {
    assert!(Cancellation::current().is_none());
}

#[test]
fn a_panic_is_an_error_and_the_thread_lives_on() {
    let pool = pool(1, 0);
    event_loop().block_on(async {
        let error = pool.run(|| -> u8 { panic!("number {}", 7) }).await.unwrap_err();
        let ExecutorError::Panicked(panic) = error else { panic!("not {error:?}") };
        assert_eq!(panic.message(), "number 7");
        assert_eq!(
            pool.run(|| thread::current().name().map(str::to_owned)).await.unwrap().unwrap(),
            "aio-test-1"
        );
    });
    assert_eq!(pool.threads(), 1);
}

#[test]
fn a_result_that_panics_when_it_is_dropped_does_not_end_the_thread() {
    struct Explosive;
    impl Drop for Explosive {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    let pool = pool(1, 1);
    let (begun, begins) = channel();
    let (release, released) = channel::<()>();
    let job = pool
        .try_run(move || {
            begun.send(()).unwrap();
            let _ = released.recv();
            Explosive
        })
        .unwrap();
    begins.recv().unwrap();
    drop(job);
    release.send(()).unwrap();
    assert_eq!(event_loop().block_on(pool.run(|| 3)).unwrap(), 3);
    assert_eq!(pool.threads(), 1);
}

#[test]
fn a_job_may_be_polled_by_one_task_and_awaited_by_another() {
    let pool = pool(1, 0);
    let (mut job, release) = occupy(&pool);
    event_loop().block_on(async {
        tokio::task::LocalSet::new()
            .run_until(async {
                poll_fn(|cx| {
                    assert!(Pin::new(&mut job).poll(cx).is_pending());
                    Poll::Ready(())
                })
                .await;
                let other = tokio::spawn(job);
                tokio::task::yield_now().await;
                release.send(()).unwrap();
                other.await.unwrap().unwrap();
            })
            .await;
    });
}

#[test]
fn the_event_loop_of_a_job_is_at_hand_in_it() {
    let pool = pool(1, 0);
    let answer = event_loop().block_on(async {
        let task = pool.run(|| tokio::spawn(async { 9 })).await.unwrap();
        task.await.unwrap()
    });
    assert_eq!(answer, 9);
}

#[test]
fn every_job_of_a_storm_is_answered_or_cancelled() {
    let pool = pool(3, 10_000);
    let ran = Arc::new(AtomicUsize::new(0));
    event_loop().block_on(async {
        for round in 0..200_usize {
            let mut jobs = Vec::new();
            for n in 0..40 {
                let ran = ran.clone();
                jobs.push(pool.try_run(move || {
                    ran.fetch_add(1, Ordering::Relaxed);
                    n
                }));
            }
            let mut cancelled = jobs.split_off(30);
            cancelled.truncate(round % 10);
            drop(cancelled);
            for (n, job) in jobs.into_iter().enumerate() {
                assert_eq!(job.unwrap().await.unwrap(), n);
            }
        }
    });
    assert!(ran.load(Ordering::Relaxed) >= 200 * 30);
    assert_eq!(pool.queued(), 0);
}

#[test]
fn threads_submit_to_one_pool_at_the_same_time() {
    let pool = pool(2, 1_000);
    thread::scope(|scope| {
        for start in 0..4_u64 {
            let pool = &pool;
            scope.spawn(move || {
                event_loop().block_on(async {
                    let mut sum = 0;
                    for n in 0..500 {
                        sum += pool.run(move || start + n).await.unwrap();
                    }
                    assert_eq!(sum, 500 * start + 499 * 500 / 2);
                });
            });
        }
    });
}

#[test]
fn when_the_last_handle_is_dropped_the_queue_is_finished() {
    let pool = pool(1, 10);
    let (running, release) = occupy(&pool);
    let queued = pool.try_run(|| 1).unwrap();
    drop(pool);
    release.send(()).unwrap();
    event_loop().block_on(async {
        running.await.unwrap();
        assert_eq!(queued.await.unwrap(), 1);
    });
}
