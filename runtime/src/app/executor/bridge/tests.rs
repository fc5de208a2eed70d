use super::*;
use crate::app::executor::{PoolConfig, enter};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::mpsc::channel;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::{Duration, sleep};

fn event_loop() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn executor(threads: usize) -> Executor {
    Executor::new(PoolConfig::new("bridge").threads(threads).queue(100))
}

/// Polls `view` as a server does.
async fn served<C: Future>(executor: &Executor, view: C) -> C::Output {
    let mut view = pin!(view);
    poll_fn(|cx| enter(executor, || view.as_mut().poll(cx))).await
}

fn thread_name() -> String {
    thread::current().name().unwrap_or_default().to_owned()
}

#[test]
fn a_coroutine_calls_blocking_code_in_the_pool_of_its_application() {
    let executor = executor(1);
    let name = event_loop().block_on(served(&executor, use_executor(thread_name)));
    assert_eq!(name, "aio-bridge-1");
}

#[test]
fn outside_an_application_the_pool_of_the_process_is_used() {
    let name = event_loop().block_on(use_executor(thread_name));
    assert!(name.starts_with("aio-default-"), "{name}");
}

#[test]
fn a_panic_in_blocking_code_goes_on_in_the_coroutine() {
    let executor = executor(1);
    let event_loop = event_loop();
    let view =
        event_loop.spawn(async move { served(&executor, use_executor(|| panic!("in the pool"))).await });
    let panic = event_loop.block_on(view).unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"in the pool"));
}

#[test]
fn blocking_code_waits_for_a_coroutine_that_borrows_from_it() {
    let executor = executor(1);
    let length = event_loop().block_on(executor.run(|| {
        let text = String::from("borrowed");
        let coroutine = async {
            // A timer: it is the event loop of the application that drives it.
            sleep(Duration::from_millis(1)).await;
            text.len()
        };
        synchronize(coroutine)
    }));
    assert_eq!(length.unwrap(), Ok(8));
}

#[test]
fn on_the_event_loop_waiting_is_refused_with_advice() {
    let executor = executor(1);
    let error = event_loop().block_on(served(&executor, async { synchronize(async { 1 }) })).unwrap_err();
    assert_eq!(error, ScopeError::OnEventLoop);
    assert!(error.to_string().contains("`.await` the coroutine here"), "{error}");
}

#[test]
fn in_a_task_of_no_application_waiting_is_refused_too() {
    assert_eq!(event_loop().block_on(async { synchronize(async {}) }), Err(ScopeError::OnEventLoop));
}

#[test]
fn a_coroutine_that_a_thread_waits_for_is_still_a_coroutine() {
    let executor = executor(1);
    let inner = event_loop().block_on(executor.run(|| synchronize(async { synchronize(async {}) })));
    assert_eq!(inner.unwrap(), Ok(Err(ScopeError::OnEventLoop)));
}

#[test]
fn outside_an_application_waiting_is_refused() {
    let error = synchronize(async {}).unwrap_err();
    assert_eq!(error, ScopeError::OutsideApplication);
    assert!(error.to_string().contains("help: "), "{error}");
}

#[test]
fn a_job_that_no_event_loop_submitted_has_none_to_wait_with() {
    let executor = executor(1);
    let job = executor.try_run(|| synchronize(async {})).unwrap();
    assert_eq!(event_loop().block_on(job).unwrap(), Err(ScopeError::OutsideApplication));
}

#[test]
fn a_job_with_a_runtime_of_its_own_waits_without_a_panic() {
    let executor = executor(1);
    let outcome =
        event_loop().block_on(executor.run(|| event_loop().block_on(async { synchronize(async { 4 }) })));
    assert_eq!(outcome.unwrap(), Ok(4));
}

#[test]
fn a_panic_in_a_coroutine_goes_through_the_code_that_waits() {
    let executor = executor(1);
    let error = event_loop()
        .block_on(executor.run(|| synchronize(async { panic!("in the coroutine") })))
        .unwrap_err();
    let ExecutorError::Panicked(panic) = error else { panic!("not {error:?}") };
    assert_eq!(panic.message(), "in the coroutine");
}

/// Plain code that waits for a coroutine that calls plain code that waits, and so on.
fn descend(depth: usize) -> usize {
    if depth == 0 {
        return 0;
    }
    synchronize(async move { use_executor(move || descend(depth - 1)).await + 1 }).unwrap()
}

#[test]
fn the_two_directions_nest_deeper_than_the_pool_has_threads() {
    let executor = executor(1);
    let depth = event_loop().block_on(executor.run(|| descend(10))).unwrap();
    assert_eq!(depth, 10);
    assert!(executor.default_pool().threads() <= 11);
}

#[test]
fn a_full_pool_of_waiting_threads_still_runs_what_they_wait_for() {
    let executor = executor(2);
    event_loop().block_on(async {
        let jobs: Vec<_> = (0..50).map(|_| executor.try_run(|| descend(3)).unwrap()).collect();
        for job in jobs {
            assert_eq!(job.await.unwrap(), 3);
        }
    });
    // Two views at a time, each with at most three further threads below it: the queue did not take the lent places.
    assert!(executor.default_pool().threads() <= 8, "{}", executor.default_pool().threads());
}

#[test]
fn work_that_a_waiting_coroutine_starts_runs_side_by_side() {
    let executor = executor(2);
    let (ping, pinged) = channel();
    let (pong, ponged) = channel();
    let both = event_loop().block_on(executor.run(move || {
        synchronize(async {
            // Each would wait for ever if they ran one after the other.
            let first = use_executor(move || {
                ping.send(()).unwrap();
                ponged.recv().is_ok()
            });
            let second = use_executor(move || {
                pinged.recv().unwrap();
                pong.send(()).is_ok()
            });
            tokio::join!(first, second)
        })
    }));
    assert_eq!(both.unwrap(), Ok((true, true)));
}

#[test]
fn two_pools_that_wait_for_each_other_do_not_lock_up() {
    let executor = Executor::with_pools(
        PoolConfig::new("a").threads(1).queue(1),
        [PoolConfig::new("b").threads(1).queue(0)],
    )
    .unwrap();
    let (outer, b) = (executor.clone(), executor.pool("b").unwrap().clone());
    let names = event_loop().block_on(outer.run(move || {
        synchronize(async move {
            b.run(move || {
                let inner = synchronize(use_executor(thread_name)).unwrap();
                (inner, thread_name())
            })
            .await
            .unwrap()
        })
    }));
    assert_eq!(names.unwrap().unwrap(), ("aio-a-2".to_owned(), "aio-b-1".to_owned()));
}

#[test]
fn a_plain_view_inside_a_plain_tween_runs_in_the_same_thread() {
    let executor = executor(1);
    let inner = executor.clone();
    let event_loop = event_loop();
    let names = event_loop.block_on(served(
        &executor,
        executor.run(move || {
            let next =
                async { served(&inner, async { inner.try_run(thread_name).unwrap().await.unwrap() }).await };
            (thread_name(), synchronize(next).unwrap())
        }),
    ));
    assert_eq!(names.unwrap(), ("aio-bridge-1".to_owned(), "aio-bridge-1".to_owned()));
    assert_eq!(executor.default_pool().threads(), 1);
}

#[test]
fn a_panic_in_a_plain_view_inside_a_plain_tween_is_an_error_to_the_tween() {
    let executor = executor(1);
    let inner = executor.clone();
    let outcome = event_loop().block_on(executor.run(move || {
        synchronize(async { inner.try_run(|| -> u8 { panic!("in the view") }).unwrap().await })
    }));
    assert!(matches!(outcome, Ok(Ok(Err(ExecutorError::Panicked(_))))), "{outcome:?}");
}

#[test]
fn a_wait_inside_a_wait_does_not_swallow_its_wake_up() {
    let executor = executor(1);
    let inner = executor.clone();
    let (send, receive) = oneshot::channel::<u8>();
    let value = event_loop().block_on(executor.run(move || {
        synchronize(async {
            let mut receive = receive;
            // The outer coroutine waits for `receive` when, in the same poll, a job runs here that waits itself.
            poll_fn(|cx| {
                assert!(Pin::new(&mut receive).poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
            let mut send = Some(send);
            let view = move || {
                synchronize(async move {
                    send.take().unwrap().send(5).unwrap();
                    sleep(Duration::from_millis(1)).await;
                })
            };
            inner.try_run(view).unwrap().await.unwrap().unwrap();
            receive.await.unwrap()
        })
    }));
    assert_eq!(value.unwrap(), Ok(5));
}

#[test]
fn a_coroutine_that_wakes_itself_is_polled_again() {
    let executor = executor(1);
    let turns = event_loop().block_on(executor.run(|| {
        synchronize(async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            100
        })
    }));
    assert_eq!(turns.unwrap(), Ok(100));
}
