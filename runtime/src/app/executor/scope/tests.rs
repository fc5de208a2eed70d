use super::*;
use crate::app::executor::PoolConfig;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn executor() -> Executor {
    Executor::new(PoolConfig::new("scope").threads(1))
}

fn is_current(executor: &Executor) -> bool {
    Executor::current().is_some_and(|current| Arc::ptr_eq(&current.0, &executor.0))
}

#[test]
fn an_executor_is_current_only_while_it_is_entered() {
    let executor = executor();
    assert!(Executor::current().is_none());
    enter(&executor, || assert!(is_current(&executor)));
    assert!(Executor::current().is_none());
    enter(&executor, || assert!(is_current(&executor)));
}

#[test]
fn a_nested_application_gives_the_place_back() {
    let (outer, inner) = (executor(), executor());
    enter(&outer, || {
        enter(&inner, || assert!(is_current(&inner)));
        assert!(is_current(&outer));
        enter(&outer, || assert!(is_current(&outer)));
        assert!(is_current(&outer));
    });
}

#[test]
fn a_panic_gives_the_place_back() {
    let (outer, inner) = (executor(), executor());
    enter(&outer, || {
        let poll = || enter(&inner, || panic!("in the view"));
        catch_unwind(AssertUnwindSafe(poll)).unwrap_err();
        assert!(is_current(&outer));
    });
    assert_eq!(standing(), Standing::Outside);
}

#[test]
fn what_stays_behind_does_not_keep_an_executor_alive() {
    let executor = executor();
    let weak = Arc::downgrade(&executor.0);
    enter(&executor, || ());
    drop(executor);
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_job_belongs_to_the_executor_of_its_pool_wherever_it_was_submitted() {
    let (executor, other) = (executor(), executor());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let job = enter(&other, || executor.try_run(Executor::current)).unwrap();
    let current = runtime.block_on(job).unwrap().unwrap();
    assert!(Arc::ptr_eq(&current.0, &executor.0));
}
