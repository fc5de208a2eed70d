use super::*;
use std::sync::mpsc::channel;
use tokio::runtime::{Builder, Runtime};

const LONG: Duration = Duration::from_mins(1);

fn event_loop() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn executor() -> Executor {
    Executor::new(PoolConfig::new("default").threads(1).queue(10))
}

#[test]
fn pools_are_found_by_name_and_the_default_one_too() {
    let executor = Executor::with_pools(PoolConfig::default(), [PoolConfig::new("reports")]).unwrap();
    assert_eq!(executor.pool("reports").map(Pool::name), Some("reports"));
    assert_eq!(executor.pool("default").map(Pool::name), Some("default"));
    assert!(executor.pool("report").is_none());
    assert_eq!(executor.pools().map(Pool::name).collect::<Vec<_>>(), ["default", "reports"]);
}

#[test]
fn two_pools_of_one_name_are_refused() {
    let named = || PoolConfig::new("reports");
    for pools in [vec![named(), named()], vec![PoolConfig::new("default")]] {
        let name = pools[0].name.clone();
        let error = Executor::with_pools(PoolConfig::default(), pools).unwrap_err();
        assert_eq!(error.to_string(), format!("two pools are named `{name}`"));
    }
}

#[test]
fn a_named_pool_works_while_the_default_one_is_stuck() {
    let executor = Executor::with_pools(
        PoolConfig::new("default").threads(1).queue(0),
        [PoolConfig::new("reports").threads(1)],
    )
    .unwrap();
    let (release, released) = channel::<()>();
    let stuck = executor.try_run(move || released.recv().is_err()).unwrap();
    assert!(matches!(executor.try_run(|| ()), Err(ExecutorError::Full)));
    event_loop().block_on(async {
        assert_eq!(executor.pool("reports").unwrap().run(|| 1).await.unwrap(), 1);
        drop(release);
        assert!(stuck.await.unwrap());
    });
}

#[test]
fn a_shutdown_finishes_what_is_queued() {
    let executor = executor();
    let (release, released) = channel::<()>();
    event_loop().block_on(async {
        let running = executor.try_run(move || released.recv().is_ok()).unwrap();
        let queued = executor.try_run(|| 2).unwrap();
        let (report, ()) = tokio::join!(executor.shutdown(LONG, Unstarted::Finish), async {
            tokio::task::yield_now().await;
            assert!(matches!(executor.try_run(|| ()), Err(ExecutorError::Stopped)));
            assert!(matches!(executor.run(|| ()).await, Err(ExecutorError::Stopped)));
            release.send(()).unwrap();
        });
        assert!(running.await.unwrap());
        assert_eq!(queued.await.unwrap(), 2);
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(report.finished, 2);
    });
    assert_eq!(executor.default_pool().threads(), 0);
}

#[test]
fn a_shutdown_may_drop_what_is_queued() {
    let executor = executor();
    let (begun, begins) = channel();
    let (release, released) = channel::<()>();
    event_loop().block_on(async {
        let running = executor
            .try_run(move || {
                begun.send(()).unwrap();
                released.recv().is_ok()
            })
            .unwrap();
        begins.recv().unwrap();
        let queued = executor.try_run(|| 2).unwrap();
        let (report, dropped) = tokio::join!(executor.shutdown(LONG, Unstarted::Drop), async {
            let dropped = queued.await;
            release.send(()).unwrap();
            dropped
        });
        assert!(matches!(dropped, Err(ExecutorError::Dropped)));
        assert!(running.await.unwrap());
        assert_eq!((report.finished, report.dropped, report.abandoned_jobs), (1, 1, 0));
    });
}

#[test]
fn a_shutdown_ends_at_its_deadline_and_says_what_it_left_behind() {
    let executor = executor();
    let (begun, begins) = channel();
    let (release, released) = channel::<()>();
    event_loop().block_on(async {
        let running = executor
            .try_run(move || {
                begun.send(()).unwrap();
                released.recv().is_ok()
            })
            .unwrap();
        begins.recv().unwrap();
        let queued = executor.try_run(|| ()).unwrap();
        let report = executor.shutdown(Duration::from_millis(1), Unstarted::Finish).await;
        assert_eq!(
            (report.finished, report.dropped, report.abandoned_jobs, report.abandoned_threads),
            (0, 1, 1, 1)
        );
        assert!(matches!(queued.await, Err(ExecutorError::Dropped)));
        release.send(()).unwrap();
        assert!(running.await.unwrap(), "what was left behind may still end");
    });
}

#[test]
fn a_job_that_waits_for_a_coroutine_finishes_during_a_shutdown() {
    let executor = executor();
    event_loop().block_on(async {
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        let job = executor
            .try_run(move || {
                synchronize(async {
                    begun.send(()).unwrap();
                    released.await.unwrap();
                    use_executor(|| 6).await
                })
            })
            .unwrap();
        begins.await.unwrap();
        let (report, ()) = tokio::join!(executor.shutdown(LONG, Unstarted::Drop), async {
            tokio::task::yield_now().await;
            release.send(()).unwrap();
        });
        assert_eq!(job.await.unwrap(), Ok(6));
        assert!(report.is_clean(), "{report:?}");
    });
}

#[test]
fn an_executor_that_never_worked_is_shut_down_at_once_and_twice() {
    let executor = executor();
    event_loop().block_on(async {
        for _ in 0..2 {
            let report = executor.shutdown(LONG, Unstarted::Finish).await;
            assert_eq!(report, ShutdownReport::default());
        }
    });
}

#[test]
fn the_clones_of_an_executor_are_one() {
    let executor = executor();
    let clone = executor.clone();
    event_loop().block_on(executor.run(|| ())).unwrap();
    assert_eq!(clone.default_pool().threads(), 1);
}
