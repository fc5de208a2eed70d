use std::future::{pending, poll_fn};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::runtime::Builder;
use tokio::sync::Notify;

use super::{Chain, Tween};
use crate::app::executor::{self, Executor, Panicked, PoolConfig};
use crate::app::http_exception::HttpException;
use crate::app::request::{Request, Surroundings};
use crate::app::response::Response;
use crate::app::tween::{BlockingNext, IntoTween, Next};
use crate::app::view::View;
use crate::error::{Error, Result};
use crate::protocol::body::Body;

type Log = Arc<Mutex<Vec<String>>>;

fn request() -> Request {
    let (head, ()) = http::Request::new(()).into_parts();
    Request::new(head, Body::empty(), Surroundings::none())
}

/// One thread, so that a tween that does not lend its place would stop all that is inside.
fn narrow() -> Executor {
    Executor::new(PoolConfig::new("default").threads(1).queue(10))
}

fn answer(executor: &Executor, view: &View) -> Result<Response> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut answer = view.call(request());
    runtime.block_on(poll_fn(|cx| executor::enter(executor, || answer.as_mut().poll(cx))))
}

fn asynchronous(name: &'static str, log: &Log, executor: &Executor) -> Arc<dyn Tween> {
    let log = Arc::clone(log);
    let tween = move |request: Request, next: Next| {
        let log = Arc::clone(&log);
        async move {
            log.lock().unwrap().push(format!("{name}>"));
            tokio::task::yield_now().await;
            let answer = next.run(request).await;
            log.lock().unwrap().push(format!("<{name}"));
            answer
        }
    };
    tween.into_tween().tween(executor.default_pool())
}

fn plain(name: &'static str, log: &Log, executor: &Executor) -> Arc<dyn Tween> {
    let log = Arc::clone(log);
    let tween = move |request: Request, next: BlockingNext| {
        log.lock().unwrap().push(format!("{name}>"));
        let answer = next.run(request);
        log.lock().unwrap().push(format!("<{name}"));
        answer
    };
    tween.into_tween().tween(executor.default_pool())
}

#[test]
fn both_kinds_nest_in_any_order_even_with_a_single_thread() {
    let executor = narrow();
    for kinds in 0..32_u32 {
        let log = Log::default();
        let tweens = (0..5).map(|place| {
            let name = ["A", "B", "C", "D", "E"][place];
            let make = if kinds >> place & 1 == 0 { asynchronous } else { plain };
            make(name, &log, &executor)
        });
        let inner = Arc::clone(&log);
        let innermost = View::new(move |_| {
            let inner = Arc::clone(&inner);
            Box::pin(async move {
                // The view is a blocking one.
                executor::use_executor(move || inner.lock().unwrap().push("view".to_owned())).await;
                Ok(Response::text("done"))
            })
        });
        let response = answer(&executor, &Chain::new(tweens).around(innermost)).unwrap();
        assert_eq!(response.body().as_bytes(), Some(&b"done"[..]));
        let expected = ["A>", "B>", "C>", "D>", "E>", "view", "<E", "<D", "<C", "<B", "<A"];
        assert_eq!(*log.lock().unwrap(), expected, "{kinds:b}");
    }
}

#[test]
fn a_chain_without_tweens_is_the_handler_itself() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let innermost = View::new(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(Response::no_content()) })
    });
    let whole = Chain::default().around(innermost);
    // Nothing stands between: the call comes through before anything is polled.
    drop(whole.call(request()));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn an_error_keeps_its_type_through_tweens_of_both_kinds() {
    let (executor, log) = (narrow(), Log::default());
    let tweens = [plain("P", &log, &executor), asynchronous("A", &log, &executor)];
    let innermost = View::new(|_| Box::pin(async { Err(HttpException::not_found().into()) }));
    let error = answer(&executor, &Chain::new(tweens).around(innermost)).unwrap_err();
    assert_eq!(error.downcast_ref::<HttpException>().unwrap().status(), 404);
    assert_eq!(*log.lock().unwrap(), ["P>", "A>", "<A", "<P"]);
}

#[test]
fn a_panic_inside_is_an_error_for_the_tweens_around_it() {
    async fn panics(_: Request, _: Next) -> Result<Response> {
        panic!("of the coroutine")
    }
    fn panics_in_the_pool(_: Request, _: BlockingNext) -> Result<Response> {
        panic!("of the thread")
    }
    let executor = narrow();
    for (inner, text) in
        [(panics.into_tween(), "of the coroutine"), (panics_in_the_pool.into_tween(), "of the thread")]
    {
        let log = Log::default();
        let tweens = [
            plain("P", &log, &executor),
            asynchronous("A", &log, &executor),
            inner.tween(executor.default_pool()),
        ];
        let innermost = View::new(|_| Box::pin(async { Ok(Response::no_content()) }));
        let error = answer(&executor, &Chain::new(tweens).around(innermost)).unwrap_err();
        assert!(error.downcast_ref::<Panicked>().is_some(), "{error:?}");
        assert!(error.to_string().contains(text), "{error}");
        assert_eq!(*log.lock().unwrap(), ["P>", "A>", "<A", "<P"]);
    }
}

#[test]
fn a_panic_in_the_call_of_a_handler_is_an_error_too() {
    let (executor, log) = (narrow(), Log::default());
    let innermost = View::new(|_| panic!("before there is a future"));
    let chain = Chain::new([asynchronous("A", &log, &executor)]);
    assert!(answer(&executor, &chain.around(innermost)).is_err());
    assert_eq!(*log.lock().unwrap(), ["A>", "<A"]);
}

/// Says when it is dropped.
struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[test]
fn giving_up_goes_through_tweens_of_both_kinds_to_the_innermost() {
    let executor = narrow();
    let log = Log::default();
    let tweens = [
        asynchronous("A", &log, &executor),
        plain("P", &log, &executor),
        plain("Q", &log, &executor),
        asynchronous("B", &log, &executor),
    ];
    let (begun, dropped) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let innermost = View::new({
        let (begun, dropped) = (Arc::clone(&begun), Arc::clone(&dropped));
        move |_| {
            let (begun, held) = (Arc::clone(&begun), Dropped(Arc::clone(&dropped)));
            Box::pin(async move {
                let _held = held;
                begun.notify_one();
                pending::<()>().await;
                Ok(Response::no_content())
            })
        }
    });
    let whole = Chain::new(tweens).around(innermost);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut waiting = whole.call(request());
        tokio::select! {
            _ = poll_fn(|cx| executor::enter(&executor, || waiting.as_mut().poll(cx))) => unreachable!("it never ends"),
            () = begun.notified() => {}
        }
        drop(waiting);
        dropped.notified().await;
        // The thread is free again for others.
        assert_eq!(executor.run(|| 1).await.unwrap(), 1);
    });
    assert_eq!(log.lock().unwrap()[..4], ["A>", "P>", "Q>", "B>"]);
}

#[test]
fn a_tween_may_answer_itself_and_what_is_inside_is_not_called() {
    async fn closed(_: Request, _: Next) -> &'static str {
        "closed"
    }
    let called = Arc::new(AtomicBool::new(false));
    let innermost = View::new({
        let called = Arc::clone(&called);
        move |_| {
            called.store(true, Ordering::Relaxed);
            Box::pin(async { Ok(Response::no_content()) })
        }
    });
    let executor = narrow();
    let whole = Chain::new([closed.into_tween().tween(executor.default_pool())]).around(innermost);
    let response = answer(&executor, &whole).unwrap();
    assert_eq!(response.body().as_bytes(), Some(&b"closed"[..]));
    assert!(!called.load(Ordering::Relaxed));
}

#[test]
fn a_full_pool_is_an_answer_and_what_is_inside_is_not_called() {
    let executor = Executor::new(PoolConfig::new("default").threads(1).queue(1));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (started, starts) = std::sync::mpsc::channel::<()>();
    runtime.block_on(async {
        let running = executor.try_run(move || {
            started.send(()).unwrap();
            let _ = held.recv();
        });
        starts.recv().unwrap();
        let queued = executor.try_run(|| ());
        let log = Log::default();
        let innermost = View::new(|_| Box::pin(async { Ok::<_, Error>(Response::no_content()) }));
        let whole = Chain::new([plain("P", &log, &executor)]).around(innermost);
        let error = whole.call(request()).await.unwrap_err();
        assert_eq!(error.downcast_ref::<HttpException>().unwrap().status(), 503);
        assert!(log.lock().unwrap().is_empty());
        drop(release);
        running.unwrap().await.unwrap();
        queued.unwrap().await.unwrap();
    });
}
