//! The listener at which the questions are asked: `/health`, `/ready`, `/metrics`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;

use super::{Inquiry, Question, Reply};
use crate::server::LOG;
use crate::server::listener::{Acceptor, Listener};
use crate::server::socket::Socket;

/// Connections at a time. Who asks is a handful of programs.
const CONNECTIONS: usize = 32;

/// How long a client may take to ask, and how long it may wait between two questions.
const HEAD: Duration = Duration::from_secs(10);

/// How long an answer may take. It has limits of its own; this is for what they do not see.
const ANSWER: Duration = Duration::from_secs(30);

/// How long no connection is accepted when the system has no means for one.
const SHORTAGE: Duration = Duration::from_millis(200);

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The text form of `OpenMetrics`, which Prometheus reads.
const EXPOSITION: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// The listeners at which questions are answered, until it is dropped.
#[derive(Debug)]
pub(in crate::server) struct Probed {
    _tasks: JoinSet<()>,
}

impl Probed {
    /// Begins to answer at `listeners`; `inquiries` leads to who knows the answers.
    ///
    /// # Errors
    /// Where the system does not take a socket into its event queue.
    pub(in crate::server) fn start(
        listeners: &[Listener],
        inquiries: &mpsc::Sender<Inquiry>,
    ) -> std::io::Result<Self> {
        let mut tasks = JoinSet::new();
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        for listener in listeners {
            tracing::info!(target: LOG, "health is told at {listener}");
            let acceptor = listener.share()?.into_acceptor()?;
            tasks.spawn(accept(acceptor, Arc::clone(&places), inquiries.clone()));
        }
        Ok(Self { _tasks: tasks })
    }
}

async fn accept(acceptor: Acceptor, places: Arc<Semaphore>, inquiries: mpsc::Sender<Inquiry>) {
    // They end with this.
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match acceptor.accept().await {
            Ok((socket, _)) => {
                let inquiries = inquiries.clone();
                connections.spawn(async move {
                    match socket {
                        Socket::Tcp(stream) => serve(TokioIo::new(stream), inquiries).await,
                        #[cfg(unix)]
                        Socket::Unix(stream) => serve(TokioIo::new(stream), inquiries).await,
                    }
                    drop(place);
                });
            }
            Err(_) => tokio::time::sleep(SHORTAGE).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(io: impl hyper::rt::Read + hyper::rt::Write + Unpin, inquiries: mpsc::Sender<Inquiry>) {
    let service = service_fn(|request: Request<Incoming>| {
        let inquiries = inquiries.clone();
        async move { Ok::<_, Infallible>(answer(&request, &inquiries).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(8192)
        .serve_connection(io, service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection that asks for health ended with an error");
    }
}

async fn answer<B>(request: &Request<B>, inquiries: &mpsc::Sender<Inquiry>) -> Response<Full<Bytes>> {
    let question = match request.uri().path() {
        "/health" => Question::Alive,
        "/ready" => Question::Ready,
        "/metrics" if cfg!(feature = "metrics") => Question::Metrics,
        "/metrics" => {
            return text(StatusCode::NOT_FOUND, "this program was built without the feature `metrics`");
        }
        _ => return text(StatusCode::NOT_FOUND, "there are `/health`, `/ready` and `/metrics`"),
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "this is only to be read");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let (reply, replied) = oneshot::channel();
    let asked = inquiries.try_send(Inquiry { question, reply }).is_ok();
    let replied = async { if asked { replied.await.ok() } else { None } };
    let reply = tokio::time::timeout(ANSWER, replied).await.ok().flatten();
    let Reply { good, text: said } = reply.unwrap_or_else(|| Reply::bad("no answer"));
    let status = if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = text(status, &said);
    if question == Question::Metrics && good {
        response.headers_mut().insert(CONTENT_TYPE, EXPOSITION);
    }
    response
}

fn text(status: StatusCode, said: &str) -> Response<Full<Bytes>> {
    let end = if said.ends_with('\n') { "" } else { "\n" };
    let mut response = Response::new(Full::from(format!("{said}{end}")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
