//! What it costs to run a handler on a pool of threads, and what makes it cheaper. `POOL` names the way:
//!   inline        on the event loop itself, which is only right for work that does not wait
//!   tokio         tokio's `spawn_blocking` as it comes (up to 512 threads)
//!   tokio-N       the same with at most N threads
//!   batched-N     a pool of N threads whose results go back together: one wake-up of the loop for a batch
//! `GET /blocking` and `GET /blocking-sleep` run on it; `GET /plaintext` does not.

use bytes::Bytes;
use futures_util::task::AtomicWaker;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    idle: usize,
    called: usize,
}

/// The threads' side.
#[derive(Default)]
struct Pool {
    waiting: Mutex<Waiting>,
    more: Condvar,
}

impl Pool {
    fn start(threads: usize) -> Arc<Pool> {
        let pool = Arc::new(Pool::default());
        for _ in 0..threads {
            let pool = pool.clone();
            std::thread::spawn(move || pool.work());
        }
        pool
    }

    fn submit(&self, job: Job) {
        let mut waiting = self.waiting.lock().unwrap();
        waiting.jobs.push_back(job);
        // A thread that has been called but has not run yet will find this job too; call another only where one is idle.
        let call = waiting.idle > waiting.called;
        waiting.called += usize::from(call);
        drop(waiting);
        if call {
            self.more.notify_one();
        }
    }

    fn work(&self) {
        let mut waiting = self.waiting.lock().unwrap();
        loop {
            while let Some(job) = waiting.jobs.pop_front() {
                drop(waiting);
                job();
                waiting = self.waiting.lock().unwrap();
            }
            waiting.idle += 1;
            waiting = self.more.wait(waiting).unwrap();
            waiting.idle -= 1;
            waiting.called = waiting.called.saturating_sub(1);
        }
    }
}

/// The event loop's side: results arrive here, and the first one of a batch wakes the task that hands them out.
#[derive(Default)]
struct Returned {
    done: Mutex<Vec<Arc<Slot>>>,
    task: AtomicWaker,
}

#[derive(Default)]
struct Slot(Mutex<(Option<String>, Option<Waker>)>);

impl Returned {
    fn push(&self, slot: Arc<Slot>) {
        let mut done = self.done.lock().unwrap();
        done.push(slot);
        let first = done.len() == 1;
        drop(done);
        if first {
            self.task.wake();
        }
    }

    async fn hand_out(self: Arc<Self>) {
        let mut batch = Vec::new();
        std::future::poll_fn(|cx| -> Poll<()> {
            self.task.register(cx.waker());
            std::mem::swap(&mut batch, &mut self.done.lock().unwrap());
            for slot in batch.drain(..) {
                let waker = slot.0.lock().unwrap().1.take();
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
            Poll::Pending
        })
        .await;
    }
}

struct Answer(Arc<Slot>);

impl Future for Answer {
    type Output = String;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        let mut slot = self.0.0.lock().unwrap();
        match slot.0.take() {
            Some(value) => Poll::Ready(value),
            None => {
                slot.1 = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[derive(Clone)]
enum Way {
    Inline,
    Tokio,
    Batched(Arc<Pool>, Arc<Returned>),
}

impl Way {
    async fn run(&self, work: fn() -> u64) -> String {
        match self {
            Way::Inline => work().to_string(),
            Way::Tokio => tokio::task::spawn_blocking(move || work().to_string()).await.unwrap(),
            Way::Batched(pool, returned) => {
                let slot = Arc::new(Slot::default());
                let (theirs, returned) = (slot.clone(), returned.clone());
                pool.submit(Box::new(move || {
                    let value = work().to_string();
                    theirs.0.lock().unwrap().0 = Some(value);
                    returned.push(theirs);
                }));
                Answer(slot).await
            }
        }
    }
}

async fn handle(req: Request<Incoming>, way: Way) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = match req.uri().path() {
        "/blocking" => Bytes::from(way.run(contract::blocking_compute).await),
        "/blocking-sleep" => Bytes::from(way.run(contract::blocking_sleep).await),
        _ => Bytes::from_static(contract::HELLO.as_bytes()),
    };
    Ok(Response::new(Full::new(body)))
}

fn main() {
    let settings = contract::settings();
    let asked = std::env::var("POOL").unwrap_or_default();
    let (kind, size) = match asked.split_once('-') {
        Some((kind, size)) => (kind, size.parse().expect("POOL=kind-number")),
        None => (asked.as_str(), 512),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(size)
        .build()
        .expect("runtime");
    runtime.block_on(async {
        let way = match kind {
            "inline" => Way::Inline,
            "batched" => {
                let returned = Arc::new(Returned::default());
                tokio::spawn(returned.clone().hand_out());
                Way::Batched(Pool::start(size), returned)
            }
            _ => Way::Tokio,
        };
        let listener = contract::rt::reuseport(settings.addr);
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let way = way.clone();
            let service = service_fn(move |req| handle(req, way.clone()));
            tokio::spawn(async move {
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
}
