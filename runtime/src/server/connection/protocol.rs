//! HTTP/1.1 and HTTP/2 on one connection, by hyper.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::StatusCode;
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::HttpService;
use hyper_util::rt::TokioIo;

use super::super::ServerConfig;
use super::super::tls::Tls;
use super::exchange::Rest;
use super::forwarding::Forwarding;
use super::state::{ConnectionState, Order};
use super::stream::{Spoken, Stream};
use super::stream_watch::StreamExecutor;

type BoxError = Box<dyn Error + Send + Sync>;

/// How the protocols are spoken, the same for every connection.
#[derive(Debug)]
pub(in crate::server) struct Protocols {
    http1: http1::Builder,
    streams: u32,
    header_list_size: u32,
    forwarding: Option<Arc<Forwarding>>,
    tls: Option<Tls>,
}

/// The smallest buffer that hyper takes.
const SMALLEST_HEAD: usize = 8192;

/// What HTTP/2 may hold of one stream's response, and how much of a request's body a client may send ahead, in bytes: what
/// a hundred streams of one connection can make the server hold is a hundred times as much.
const SEND_BUFFER: usize = 64 * 1024;
const STREAM_WINDOW: u32 = 64 * 1024 - 1;
const CONNECTION_WINDOW: u32 = 1024 * 1024;

/// Streams that a client may open and take back before the server has looked at them, and streams that the server may have
/// to reset for the client's faults, before the connection is closed (CVE-2023-44487, CVE-2025-8671).
const PENDING_RESETS: usize = 20;
const FAULTY_STREAMS: usize = 100;

impl Protocols {
    pub(in crate::server) fn new(config: &ServerConfig, tls: Option<Tls>) -> Self {
        let mut http1 = http1::Builder::new();
        http1
            // A client may close its side and wait for the answer; whether it has left is found out by the sweep.
            .half_close(true)
            // One `send` of one buffer costs less than a `writev` of two.
            .writev(false)
            .max_buf_size(config.head_size.max(SMALLEST_HEAD));
        Self {
            http1,
            streams: config.streams,
            header_list_size: config.header_list_size,
            forwarding: Forwarding::new(config),
            tls,
        }
    }

    /// Who is believed when it speaks for its clients.
    pub(in crate::server) const fn forwarding(&self) -> Option<&Arc<Forwarding>> {
        self.forwarding.as_ref()
    }

    /// What connections are encrypted by.
    pub(super) const fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }

    fn http2(&self, state: &Arc<ConnectionState>) -> http2::Builder<StreamExecutor> {
        let mut http2 = http2::Builder::new(StreamExecutor(Arc::clone(state)));
        http2
            .max_concurrent_streams(self.streams)
            .max_header_list_size(self.header_list_size)
            .max_send_buf_size(SEND_BUFFER)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_pending_accept_reset_streams(PENDING_RESETS)
            .max_local_error_reset_streams(FAULTY_STREAMS)
            .enable_connect_protocol();
        http2
    }
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// There is nothing left to do.
    Plain,
    /// It was handed over to who asked for the upgrade, or will be.
    Upgraded,
    /// The client may still be sending what nobody will read.
    Unread,
}

/// Drives one connection from its first byte to its end.
pub(super) struct Driver<S>
where
    S: HttpService<Incoming>,
{
    talk: Talk<S>,
    protocols: Arc<Protocols>,
    state: Arc<ConnectionState>,
    /// hyper has been told to close.
    closing: bool,
}

/// What is spoken on the connection. hyper's part is apart, so that a connection without any is small.
enum Talk<S>
where
    S: HttpService<Incoming>,
{
    Undecided {
        parts: Option<(Stream, S)>,
    },
    Http1 {
        connection: Box<http1::UpgradeableConnection<TokioIo<Stream>, S>>,
    },
    /// HTTP/1.1 between two requests, the next of which is not expected soon: nothing is kept of hyper's, whose buffer
    /// alone takes 8 KiB.
    Resting {
        parts: Option<(Stream, S)>,
    },
    Http2 {
        connection: Pin<Box<http2::Connection<TokioIo<Stream>, S, StreamExecutor>>>,
    },
}

impl<S> Driver<S>
where
    S: HttpService<Incoming>,
{
    pub(super) fn new(
        stream: Stream,
        service: S,
        protocols: Arc<Protocols>,
        state: Arc<ConnectionState>,
    ) -> Self {
        Self { talk: Talk::Undecided { parts: Some((stream, service)) }, protocols, state, closing: false }
    }

    /// For a stream that is known to be HTTP/1.1.
    pub(super) fn of_http1(
        stream: Stream,
        service: S,
        protocols: Arc<Protocols>,
        state: Arc<ConnectionState>,
    ) -> Self {
        Self { talk: Talk::Resting { parts: Some((stream, service)) }, protocols, state, closing: false }
    }
}

/// Nothing of it is pinned: what must be is in boxes.
impl<S> Unpin for Driver<S> where S: HttpService<Incoming> {}

impl<S, B> Driver<S>
where
    S: HttpService<Incoming, ResBody = B, Error: Into<BoxError>, Future: Send + 'static> + Rest,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    /// Moves the protocol on.
    fn poll_talk(&mut self, context: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        match &mut self.talk {
            Talk::Http1 { connection } => return Pin::new(&mut **connection).poll(context),
            Talk::Http2 { connection } => return connection.as_mut().poll(context),
            Talk::Undecided { .. } | Talk::Resting { .. } => {}
        }
        self.poll_silence(context)
    }

    /// Waits for the first bytes of the connection, or after a rest, and moves the protocol on from there.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        let (spoken, parts) = match &mut self.talk {
            Talk::Undecided { parts } => match parts {
                Some((stream, _)) => {
                    (ready!(stream.poll_spoken(context)).unwrap_or(Spoken::Nothing), parts.take())
                }
                None => (Spoken::Nothing, None),
            },
            Talk::Resting { parts } => {
                if let Some((stream, _)) = parts {
                    ready!(stream.poll_anything(context));
                }
                (Spoken::Http1, parts.take())
            }
            Talk::Http1 { .. } | Talk::Http2 { .. } => (Spoken::Nothing, None),
        };
        let Some((stream, service)) = parts else { return Poll::Ready(Ok(())) };
        let stream = TokioIo::new(stream);
        match spoken {
            Spoken::Http1 => {
                let connection = self.protocols.http1.serve_connection(stream, service).with_upgrades();
                self.talk = Talk::Http1 { connection: Box::new(connection) };
            }
            Spoken::Http2 => {
                let connection = self.protocols.http2(&self.state).serve_connection(stream, service);
                self.talk = Talk::Http2 { connection: Box::pin(connection) };
            }
            Spoken::Nothing => return Poll::Ready(Ok(())),
        }
        self.poll_talk(context)
    }

    /// Gives back what hyper holds, until something arrives.
    ///
    /// Only between two requests, the first of which had no body: only then is there nothing to lose, except that part of
    /// the next request may have been read already, which is read again.
    fn rest(&mut self) {
        self.state.rests();
        self.talk = match std::mem::replace(&mut self.talk, Talk::Resting { parts: None }) {
            Talk::Http1 { connection } => {
                let parts = connection.into_parts().map(|parts| {
                    let (mut stream, mut service) = (parts.io.into_inner(), parts.service);
                    stream.rest(parts.read_buf);
                    service.rest();
                    (stream, service)
                });
                Talk::Resting { parts }
            }
            talk => talk,
        };
    }

    /// Has the protocol end as soon as it can; false where none is being spoken.
    fn close(&mut self) -> bool {
        match &mut self.talk {
            Talk::Undecided { .. } | Talk::Resting { .. } => return false,
            Talk::Http1 { connection } => Pin::new(&mut **connection).graceful_shutdown(),
            Talk::Http2 { connection } => connection.as_mut().graceful_shutdown(),
        }
        true
    }
}

impl<S, B> Future for Driver<S>
where
    S: HttpService<Incoming, ResBody = B, Error: Into<BoxError>, Future: Send + 'static> + Rest,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Output = End;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<End> {
        self.state.remember(context);
        match self.state.order() {
            Order::Cut => {
                self.state.break_off();
                return Poll::Ready(End::Plain);
            }
            Order::Linger => return Poll::Ready(End::Unread),
            Order::Rest => self.rest(),
            Order::Close | Order::None => {}
        }
        let mut result = self.poll_talk(context);
        // Only after the poll: what has arrived meanwhile is still answered.
        if result.is_pending()
            && self.state.order() == Order::Close
            && !self.closing
            && self.state.is_vacant()
        {
            if !self.close() {
                return Poll::Ready(End::Plain);
            }
            self.closing = true;
            result = self.poll_talk(context);
        }
        match result {
            Poll::Pending => {
                if self.state.wants_flush() {
                    // By the next poll, so that the other connections come first: the client has sent several requests.
                    context.waker().wake_by_ref();
                }
                Poll::Pending
            }
            Poll::Ready(_) if self.state.has_switched() => Poll::Ready(End::Upgraded),
            Poll::Ready(result) => {
                if let Err(error) = &result {
                    tracing::debug!(%error, "a connection ended with an error");
                }
                if result.as_ref().is_err_and(hyper::Error::is_user) {
                    self.state.break_off();
                }
                let refused = result.as_ref().is_err_and(hyper::Error::is_parse);
                if let Err(error) = &result
                    && refused
                    && !self.state.is_http2()
                {
                    // What hyper has answered.
                    self.state.refused(if error.is_parse_too_large() {
                        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
                    } else {
                        StatusCode::BAD_REQUEST
                    });
                }
                Poll::Ready(if refused || self.state.is_unread() { End::Unread } else { End::Plain })
            }
        }
    }
}
