//! What each thing that a framework puts around hyper costs: `KNOB` names one, and everything else stays as in `base`.
//! `bench.py --only knobs --tests cost --cost-scenarios plaintext --ref knob-base` compares them all.

use bytes::Bytes;
use futures_util::FutureExt;
use http_body_util::combinators::{BoxBody, UnsyncBoxBody};
use http_body_util::{BodyExt, Either, Empty, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, DATE, HeaderValue};
use hyper::rt::{Sleep, Timer};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;

type Io = TokioIo<TcpStream>;
type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

fn hello(path: &str) -> Response<Full<Bytes>> {
    if path != "/plaintext" {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    }
    let mut response = Response::new(Full::new(Bytes::from_static(b"Hello, World!")));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

async fn base(req: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(hello(req.uri().path()))
}

/// A timer whose sleeps never fire and cost next to nothing: what is left when a framework keeps deadlines itself,
/// for example with one sweep per second over all connections.
#[derive(Clone)]
struct SweptTimer;

struct SweptSleep;

impl Future for SweptSleep {
    type Output = ();
    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Sleep for SweptSleep {}

impl Timer for SweptTimer {
    fn sleep(&self, _duration: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(SweptSleep)
    }
    fn sleep_until(&self, _deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(SweptSleep)
    }
}

/// The stream without `TokioIo`. hyper gives it head and body as two slices; small ones are put together on the stack and
/// go out with one `send`, which costs the kernel less than `writev`; large ones are left where they are.
struct Together(TcpStream);

impl hyper::rt::Read for Together {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut inner = TokioIo::new(&mut self.get_mut().0);
        Pin::new(&mut inner).poll_read(cx, buf)
    }
}

impl hyper::rt::Write for Together {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        AsyncWrite::poll_write(Pin::new(&mut self.get_mut().0), cx, buf)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let stream = Pin::new(&mut self.get_mut().0);
        let mut together = [0; 2048];
        let mut at = 0;
        for buf in bufs {
            let Some(room) = together.get_mut(at..at + buf.len()) else {
                return AsyncWrite::poll_write_vectored(stream, cx, bufs);
            };
            room.copy_from_slice(buf);
            at += buf.len();
        }
        AsyncWrite::poll_write(stream, cx, &together[..at])
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_shutdown(Pin::new(&mut self.get_mut().0), cx)
    }
}

type Handler = Arc<dyn Fn(Request<Incoming>) -> BoxFuture<Response<Full<Bytes>>> + Send + Sync>;

fn router() -> matchit::Router<Handler> {
    let mut router = matchit::Router::new();
    let handler: Handler = Arc::new(|req| Box::pin(async move { hello(req.uri().path()) }));
    router.insert("/plaintext", handler.clone()).unwrap();
    router.insert("/user/{id}/post/{slug}", handler.clone()).unwrap();
    for n in 0..contract::numbered_routes() {
        router.insert(format!("/r{n:04}/{{x}}"), handler.clone()).unwrap();
    }
    router
}

/// What a framework may attach to each request.
#[derive(Clone)]
struct Attached(#[allow(dead_code)] Arc<str>);

struct Shared {
    knob: String,
    router: matchit::Router<Handler>,
    attached: Attached,
    stop: tokio::sync::watch::Receiver<()>,
}

tokio::task_local! {
    static CURRENT: Attached;
}

#[allow(clippy::too_many_lines, reason = "an arm for each knob")]
async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    if let "together" | "half-close-together" = shared.knob.as_str() {
        let mut http = http1::Builder::new();
        http.half_close(shared.knob != "together");
        drop(http.serve_connection(Together(stream), service_fn(base)).await);
        return;
    }
    let io: Io = TokioIo::new(stream);
    let mut http = http1::Builder::new();
    macro_rules! plain {
        ($service:expr) => {
            drop(http.serve_connection(io, service_fn($service)).await)
        };
    }
    match shared.knob.as_str() {
        "upgrades" => drop(http.serve_connection(io, service_fn(base)).with_upgrades().await),
        "auto" => {
            let auto = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            drop(auto.serve_connection(io, service_fn(base)).await);
        }
        "auto-upgrades" => {
            let auto = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            drop(auto.serve_connection_with_upgrades(io, service_fn(base)).await);
        }
        "timer" => {
            http.timer(TokioTimer::new());
            plain!(base);
        }
        "swept-timer" => {
            http.timer(SweptTimer);
            plain!(base);
        }
        "half-close" => {
            http.half_close(true);
            plain!(base);
        }
        "flatten" => {
            http.writev(false);
            plain!(base);
        }
        "pipeline-flush" => {
            http.pipeline_flush(true);
            plain!(base);
        }
        "half-close-flatten" => {
            http.half_close(true).writev(false).pipeline_flush(true);
            plain!(base);
        }
        "own-date" => {
            http.auto_date_header(false);
            let date = HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT");
            plain!(move |req: Request<Incoming>| {
                let date = date.clone();
                async move {
                    let mut response = hello(req.uri().path());
                    response.headers_mut().insert(DATE, date);
                    Ok::<_, Infallible>(response)
                }
            });
        }
        "select" => {
            let mut stop = shared.stop.clone();
            let mut connection = pin!(http.serve_connection(io, service_fn(base)));
            loop {
                tokio::select! {
                    _ = connection.as_mut() => break,
                    _ = stop.changed() => connection.as_mut().graceful_shutdown(),
                }
            }
        }
        "box-future" => {
            plain!(|req: Request<Incoming>| -> BoxFuture<Result<_, Infallible>> { Box::pin(base(req)) });
        }
        "box-body" => plain!(async |req: Request<Incoming>| {
            let response = hello(req.uri().path());
            Ok::<_, Infallible>(response.map(|b| -> BoxBody<Bytes, Infallible> { b.boxed() }))
        }),
        "unsync-box-body" => plain!(async |req: Request<Incoming>| {
            let response = hello(req.uri().path());
            Ok::<_, Infallible>(response.map(|b| -> UnsyncBoxBody<Bytes, Infallible> { b.boxed_unsync() }))
        }),
        "either-body" => plain!(async |req: Request<Incoming>| {
            let response = hello(req.uri().path());
            Ok::<_, Infallible>(response.map(
                |b| -> Either<Either<Full<Bytes>, Empty<Bytes>>, BoxBody<Bytes, Infallible>> {
                    Either::Left(Either::Left(b))
                },
            ))
        }),
        "catch" => plain!(async |req: Request<Incoming>| {
            let caught = AssertUnwindSafe(base(req)).catch_unwind().await;
            caught.unwrap_or_else(|_| Ok(hello("")))
        }),
        "spawn" => plain!(async |req: Request<Incoming>| tokio::spawn(base(req)).await.unwrap()),
        "task-local" => {
            let attached = shared.attached.clone();
            plain!(move |req: Request<Incoming>| CURRENT.scope(attached.clone(), base(req)));
        }
        "extension" => {
            let attached = shared.attached.clone();
            plain!(move |mut req: Request<Incoming>| {
                req.extensions_mut().insert(attached.clone());
                base(req)
            });
        }
        "parts" => plain!(async |req: Request<Incoming>| {
            let (parts, body) = req.into_parts();
            let whole = Box::new((parts, body));
            let response = hello(whole.0.uri.path());
            drop(whole);
            Ok::<_, Infallible>(response)
        }),
        "matchit" => {
            let shared = shared.clone();
            plain!(move |req: Request<Incoming>| {
                let found = shared.router.at(req.uri().path()).ok().map(|m| m.value.clone());
                async move {
                    Ok::<_, Infallible>(match found {
                        Some(handler) => handler(req).await,
                        None => hello(""),
                    })
                }
            });
        }
        "three-tweens" => plain!(|req: Request<Incoming>| {
            // Three layers as trait objects, each a boxed future around the next: a tween chain built at run time.
            fn layer(inner: BoxFuture<Response<Full<Bytes>>>) -> BoxFuture<Response<Full<Bytes>>> {
                Box::pin(async move {
                    let mut response = inner.await;
                    *response.status_mut() = std::hint::black_box(response.status());
                    response
                })
            }
            let inner = Box::pin(async move { hello(req.uri().path()) });
            layer(layer(layer(inner))).map(Ok::<_, Infallible>)
        }),
        _ => plain!(base),
    }
}

fn main() {
    let settings = contract::settings();
    let (_keep, stop) = tokio::sync::watch::channel(());
    let shared = Arc::new(Shared {
        knob: std::env::var("KNOB").unwrap_or_default(),
        router: router(),
        attached: Attached("attached".into()),
        stop,
    });
    contract::rt::run(settings.addr, settings.workers, move |listener| {
        let shared = shared.clone();
        async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                tokio::spawn(serve(stream, shared.clone()));
            }
        }
    });
}
