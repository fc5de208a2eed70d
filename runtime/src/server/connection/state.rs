//! How far a connection is, written by those who move it and read by the sweep that ends what takes too long.

use std::io;
use std::mem::MaybeUninit;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use http::StatusCode;
use tokio::sync::OwnedSemaphorePermit;

use super::super::roster::Roster;
use super::super::socket::WriteHalf;
#[cfg(feature = "websocket")]
use super::farewell::Farewells;
use super::field::{Flag, Number};
use super::recording::Recording;
use super::stream_watch::StreamWatch;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Phase {
    /// Accepted; nothing has been read.
    Opening,
    /// Part of a head has been read.
    Head,
    /// At least one request is being answered.
    Busy,
    /// Between requests.
    Idle,
    /// No longer HTTP; its new owner looks after it.
    Upgraded,
}

/// What the sweep wants of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Order {
    /// Nothing: go on.
    None,
    /// Give back what is not needed until the next request.
    Rest,
    /// End if no request is there, or (HTTP/2) say that no further ones are taken.
    Close,
    /// The client was answered from outside: let it read that, then end.
    Linger,
    /// End now.
    Cut,
}

/// How many ticks after its last request a connection is put to rest: so soon, because to take it up again costs less than
/// an answer does.
const TIRED: u32 = 2;

/// HTTP/1.1 for a head that took too long; nothing else can be on its way when it is written.
const TIMED_OUT: &[u8] = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// How far a connection is.
///
/// Held by its task, by its stream (which an upgrade may take out of the task) and by each of its requests. The roster holds
/// it weakly: when the last of those is gone, so is the socket.
pub(in crate::server) struct ConnectionState {
    roster: Arc<Roster>,
    /// The half that can be used behind a shared reference; the other one belongs to the stream.
    socket: WriteHalf,
    task: OnceLock<Waker>,
    order: Number,

    phase: Number,
    /// The tick at which the phase began.
    since: Number,
    /// Requests being answered.
    running: Number,
    http2: Flag,
    /// Whether the bytes on the socket are those of TLS.
    #[cfg(feature = "tls")]
    encrypted: Flag,
    /// Whether a server in front speaks uwsgi: one request, and the connection ends with its answer.
    uwsgi: Flag,
    /// Whether the first bytes may be the start of HTTP/2's preface.
    preface: Flag,
    /// Whether the client sent more frames than it may.
    flooded: Flag,
    /// Whether the connection ends with the answer to its present request, unless that makes it something else.
    last: Flag,

    /// The tick of the last byte that arrived.
    last_read: Number,
    /// Bytes that arrived.
    received: Number,
    /// Requests since the last byte arrived.
    calls: Number,
    /// Whether the last bytes that arrived held more than one request.
    pipelined: Flag,
    /// Whether the last request has a body.
    body: Flag,
    /// Whether hyper waits for bytes of it.
    waiting: Flag,
    /// Ticks spent waiting, and bytes that had arrived, since the present stretch began.
    waited: Number,
    stretch: Number,
    /// The client sent the end of its stream, and it was read.
    ended: Flag,
    /// The client closed its side early enough to be waiting for an answer.
    half_closed: Flag,
    /// The service, or the body of the response, was not ready when it was last asked.
    pending: Flag,

    /// The last write could not be done, since the tick `blocked_since`.
    blocked: Flag,
    blocked_since: Number,
    last_write: Number,
    /// Bytes that hyper takes for written and the stream still holds.
    unsent: Number,
    /// Whether the stream is to write now what it holds.
    flush: Flag,
    /// Whether the stream is to hold nothing back, for good.
    direct: Flag,

    streams: Mutex<Streams>,
    #[cfg(feature = "websocket")]
    farewells: Farewells,
    /// Where records of requests are kept.
    recording: Option<Box<Recording>>,
    _place: OwnedSemaphorePermit,
}

#[derive(Default)]
struct Streams {
    open: Vec<Weak<StreamWatch>>,
    /// The watch of the stream whose service was just called and whose task hyper starts next.
    starting: Option<Arc<StreamWatch>>,
}

impl ConnectionState {
    /// The state of a connection just accepted; entered in the roster.
    pub(super) fn new(roster: Arc<Roster>, socket: WriteHalf, place: OwnedSemaphorePermit) -> Arc<Self> {
        let now = roster.clock.now();
        let recording = roster.recorder.as_ref().map(|_| Box::default());
        let state = Arc::new(Self {
            roster,
            socket,
            task: OnceLock::new(),
            order: Number::new(Order::None as u32),
            phase: Number::new(Phase::Opening as u32),
            since: Number::new(now),
            running: Number::default(),
            http2: Flag::default(),
            #[cfg(feature = "tls")]
            encrypted: Flag::default(),
            uwsgi: Flag::default(),
            preface: Flag::default(),
            flooded: Flag::default(),
            last: Flag::default(),
            last_read: Number::new(now),
            received: Number::default(),
            calls: Number::default(),
            pipelined: Flag::default(),
            body: Flag::default(),
            waiting: Flag::default(),
            waited: Number::default(),
            stretch: Number::default(),
            ended: Flag::default(),
            half_closed: Flag::default(),
            pending: Flag::default(),
            blocked: Flag::default(),
            blocked_since: Number::default(),
            last_write: Number::new(now),
            unsent: Number::default(),
            flush: Flag::default(),
            direct: Flag::default(),
            streams: Mutex::default(),
            #[cfg(feature = "websocket")]
            farewells: Farewells::default(),
            recording,
            _place: place,
        });
        state.roster.enter(&state);
        state
    }

    pub(super) fn roster(&self) -> &Roster {
        &self.roster
    }

    pub(super) fn socket(&self) -> &WriteHalf {
        &self.socket
    }

    /// What is needed for records of requests, where they are kept.
    pub(super) fn recording(&self) -> Option<&Recording> {
        self.recording.as_deref()
    }

    /// A head that is no request was answered so.
    pub(super) fn refused(&self, status: StatusCode) {
        if let Some(recording) = self.recording() {
            recording.refused(self.roster.recorder.as_ref(), status);
        }
    }

    fn is(&self, phase: Phase) -> bool {
        self.phase.get() == phase as u32
    }

    fn enter(&self, phase: Phase) {
        self.phase.set(phase as u32);
    }

    fn start(&self, phase: Phase) {
        self.enter(phase);
        self.since.set(self.roster.clock.now());
    }

    // ---- told by the task

    /// Keeps the task's waker, which stays the same as long as the task does.
    pub(super) fn remember(&self, context: &Context<'_>) {
        if self.task.get().is_none() {
            let _ = self.task.set(context.waker().clone());
        }
    }

    pub(super) fn order(&self) -> Order {
        match self.order.get() {
            0 => Order::None,
            1 => Order::Rest,
            2 => Order::Close,
            3 => Order::Linger,
            _ => Order::Cut,
        }
    }

    /// The order to rest is carried out.
    pub(super) fn rests(&self) {
        self.order.set(Order::None as u32);
    }

    /// Whether the connection can be closed without a request being lost.
    pub(super) fn is_vacant(&self) -> bool {
        self.http2.get() || self.is(Phase::Idle) || self.is(Phase::Opening)
    }

    /// Whether a request is being answered.
    pub(super) fn is_answering(&self) -> bool {
        self.running.get() > 0
    }

    /// Whether the stream holds bytes back; if so, it is told to write them when it is next asked to flush.
    pub(super) fn wants_flush(&self) -> bool {
        let wants = self.unsent.get() > 0 && !self.blocked.get();
        if wants {
            self.flush.set(true);
        }
        wants
    }

    /// Whether a response that makes the connection something else was given.
    pub(super) fn has_switched(&self) -> bool {
        self.direct.get() && !self.http2.get()
    }

    pub(super) fn is_upgraded(&self) -> bool {
        self.is(Phase::Upgraded)
    }

    /// The task has ended, but the stream lives on elsewhere.
    pub(super) fn upgraded(&self) {
        self.enter(Phase::Upgraded);
    }

    /// Whether bytes may be under way that nobody will read, so that a plain close would make the system throw away the
    /// answer on its way to the client.
    pub(super) fn is_unread(&self) -> bool {
        (self.body.get() || self.flooded.get()) && !self.ended.get()
    }

    // ---- told by the stream

    /// Takes down what the first bytes tell of the protocol.
    pub(super) fn opened(&self, preface: bool) {
        self.preface.set(preface);
    }

    /// Nothing may be written past TLS.
    #[cfg(feature = "tls")]
    pub(super) fn encrypts(&self) {
        self.encrypted.set(true);
    }

    /// Whether the bytes on the socket are those of TLS.
    #[cfg(feature = "tls")]
    pub(super) fn is_encrypted(&self) -> bool {
        self.encrypted.get()
    }

    /// Whether the bytes on the socket are those of TLS.
    #[cfg(not(feature = "tls"))]
    #[allow(clippy::unused_self, reason = "as with TLS")]
    pub(super) const fn is_encrypted(&self) -> bool {
        false
    }

    /// Writes to the socket, and takes down how far that is.
    pub(super) fn poll_write(&self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            match self.socket.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.write_blocked();
                    ready!(self.socket.poll_write_ready(context))?;
                }
                Err(error) => return Poll::Ready(Err(error)),
                Ok(written) => {
                    self.wrote();
                    return Poll::Ready(Ok(written));
                }
            }
        }
    }

    pub(super) fn speaks_http2(&self) {
        self.http2.set(true);
        self.direct.set(true);
    }

    /// The client sends more than anybody will look at.
    pub(super) fn floods(&self) {
        self.flooded.set(true);
    }

    /// What follows the present request is not to be taken for another one.
    pub(super) fn ends_with_this(&self) {
        self.last.set(true);
    }

    /// Whether the last write could not be done.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked.get()
    }

    /// Bytes arrived; none means the end of the stream.
    pub(super) fn arrived(&self, bytes: usize) {
        self.waiting.set(false);
        if bytes == 0 {
            self.ended.set(true);
            return;
        }
        self.last_read.set(self.roster.clock.now());
        #[allow(
            clippy::cast_possible_truncation,
            reason = "only differences over a few seconds are looked at"
        )]
        self.received.add(bytes as u32);
        self.pipelined.set(self.calls.get() > 1);
        self.calls.set(0);
        if self.is(Phase::Idle) && !self.http2.get() {
            self.start(Phase::Head);
        } else if self.is(Phase::Opening) {
            // Counted from accept on.
            self.enter(Phase::Head);
        }
    }

    /// Bytes were asked for and none are there.
    pub(super) fn waits(&self) {
        self.waiting.set(true);
    }

    /// Whether small answers are to be held back and written together: the client sent several requests at once, and is
    /// expected to do so again.
    pub(super) fn is_batching(&self) -> bool {
        self.pipelined.get() && !self.flush.get() && !self.direct.get()
    }

    pub(super) fn wrote(&self) {
        self.blocked.set(false);
        self.last_write.set(self.roster.clock.now());
    }

    pub(super) fn write_blocked(&self) {
        if !self.blocked.get() {
            self.blocked.set(true);
            self.blocked_since.set(self.roster.clock.now());
        }
    }

    /// What the stream holds back now, in bytes, after it took some more or wrote all.
    pub(super) fn holds(&self, bytes: usize) {
        self.unsent.set(u32::try_from(bytes).unwrap_or(u32::MAX));
        self.flush.set(false);
    }

    // ---- told by the requests

    /// A request's head is there.
    pub(super) fn begin(&self, body: bool) {
        self.running.add(1);
        self.calls.add(1);
        self.enter(Phase::Busy);
        self.body.set(body);
        if body {
            self.waited.set(0);
            self.stretch.set(self.received.get());
        }
    }

    /// A watch for the stream of the request that has just begun.
    pub(super) fn watch_stream(&self) -> Arc<StreamWatch> {
        let watch = Arc::new(StreamWatch::default());
        let mut streams = self.streams();
        streams.open.push(Arc::downgrade(&watch));
        streams.starting = Some(Arc::clone(&watch));
        watch
    }

    /// The watch of the stream whose task is being started.
    pub(super) fn starting_stream(&self) -> Option<Arc<StreamWatch>> {
        self.streams().starting.take()
    }

    /// The service or the body was asked and was not ready.
    pub(super) fn pends(&self, pending: bool) {
        self.pending.set(pending);
    }

    /// Whether the response should say that it is the last one.
    pub(super) fn is_closing(&self) -> bool {
        self.order() == Order::Close || self.roster.is_draining() || self.uwsgi.get() || self.last.get()
    }

    /// Whether the last request has a body.
    pub(super) fn has_body(&self) -> bool {
        self.body.get()
    }

    /// The connection becomes something else with this response.
    pub(super) fn switches(&self) {
        self.direct.set(true);
    }

    /// A request has been answered, or dropped.
    pub(super) fn end(&self) {
        self.roster.finish_request();
        let running = self.running.get().wrapping_sub(1);
        self.running.set(running);
        if running == 0 && !self.is(Phase::Upgraded) {
            self.pending.set(false);
            self.start(Phase::Idle);
        }
    }

    /// Something is kept that counts as a request, until [`end`](Self::end).
    #[cfg(feature = "websocket")]
    pub(super) fn keep(&self) {
        self.running.add(1);
    }

    #[cfg(feature = "websocket")]
    pub(super) fn farewells(&self) -> &Farewells {
        &self.farewells
    }

    fn streams(&self) -> std::sync::MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ---- asked by the roster

    /// Looks after the connection, at the tick `now`, and tells whether its task was woken.
    pub(in crate::server) fn look_after(&self, now: u32) -> bool {
        #[cfg(feature = "websocket")]
        if self.roster.is_draining() {
            self.farewells.tell();
        }
        let order = self.due(now);
        if order != Order::None {
            if order == Order::Close {
                self.since.set(now);
            }
            self.give(order);
        }
        order != Order::None
    }

    /// What is to be ordered at the tick `now`.
    fn due(&self, now: u32) -> Order {
        if matches!(self.order(), Order::Cut | Order::Linger) || self.is(Phase::Upgraded) {
            return Order::None;
        }
        let limits = &self.roster.limits;
        let draining = self.roster.is_draining();
        let age = |since: &Number| now.wrapping_sub(since.get());
        if self.blocked.get() && age(&self.blocked_since) > limits.response {
            tracing::debug!("a client does not read its response: cut");
            return Order::Cut;
        }
        if self.http2.get() {
            self.look_after_streams(now);
            if draining && self.order() == Order::None {
                return Order::Close;
            }
        }
        if self.is(Phase::Opening) {
            if age(&self.since) > limits.head {
                tracing::debug!("a client says nothing: closed");
                return Order::Cut;
            } else if draining && age(&self.since) > limits.fresh {
                return Order::Close;
            }
        } else if self.is(Phase::Head) {
            if age(&self.since) > limits.head {
                tracing::debug!("the head of a request takes too long: 408");
                let told = !self.preface.get()
                    && !self.is_encrypted()
                    && self.unsent.get() == 0
                    && !self.blocked.get()
                    && self.socket().try_write(TIMED_OUT).is_ok();
                if told {
                    self.refused(StatusCode::REQUEST_TIMEOUT);
                }
                return if told { Order::Linger } else { Order::Cut };
            }
        } else if self.is(Phase::Idle) {
            if self.blocked.get() || self.unsent.get() > 0 {
                // The last answer is still being read.
                self.since.set(now);
            } else if self.order() == Order::Close {
                if age(&self.since).min(age(&self.last_write)) > limits.closing {
                    return Order::Cut;
                }
            } else if age(&self.since) > if draining { 1 } else { limits.keep_alive } {
                return Order::Close;
            } else if age(&self.since) == TIRED && self.can_rest() {
                // Exactly then, which is once for each time between two requests.
                return Order::Rest;
            }
        } else if !self.http2.get() {
            if self.is_body_slow() {
                tracing::debug!("the body of a request comes too slowly: cut");
                return Order::Cut;
            } else if self.pending.get() && self.has_client_left(now) {
                tracing::debug!("a client has left before its answer was ready: dropped");
                return Order::Cut;
            }
        }
        Order::None
    }

    /// Whether an idle connection holds nothing but memory. One whose last request had a body may still be reading that.
    fn can_rest(&self) -> bool {
        self.order() == Order::None
            && !self.http2.get()
            && !self.body.get()
            && !self.direct.get()
            && !self.ended.get()
    }

    /// Orders the end and tells how many requests that cuts; an upgraded connection counts as one.
    pub(in crate::server) fn cut(&self) -> usize {
        self.give(Order::Cut);
        if self.is(Phase::Upgraded) { 1 } else { self.running.get() as usize }
    }

    fn give(&self, order: Order) {
        self.order.set(order as u32);
        if let Some(task) = self.task.get() {
            task.wake_by_ref();
        }
    }

    fn look_after_streams(&self, now: u32) {
        self.streams().open.retain(|watch| {
            watch.upgrade().is_some_and(|watch| {
                watch.look_after(now, &self.roster.limits);
                true
            })
        });
    }

    /// Each stretch of waiting for a body must bring its bytes. (A mean over the whole body would let a client that began
    /// quickly be silent for long.)
    fn is_body_slow(&self) -> bool {
        let limits = &self.roster.limits;
        if limits.body_bytes == 0 || !self.body.get() {
            return false;
        }
        if self.received.get().wrapping_sub(self.stretch.get()) >= limits.body_bytes {
            self.stretch.set(self.received.get());
            self.waited.set(0);
        } else if self.waiting.get() {
            self.waited.add(1);
        }
        self.waited.get() > limits.body_patience
    }

    /// hyper does not look at the socket while a service works, or it would take a half-closing client for one that left.
    /// The readiness that the event loop keeps tells of both without a system call, and so this costs requests that are
    /// answered at once nothing.
    fn has_client_left(&self, now: u32) -> bool {
        let ready = self.socket.readiness();
        if ready.is_write_closed() {
            return true;
        }
        if !ready.is_read_closed() || self.half_closed.get() {
            return false;
        }
        if self.body.get() && self.has_unread_bytes() {
            // The end comes after bytes of the body that our side is slow to take: too early to tell.
            return false;
        }
        // A server in front closes when its client has left, and never one side only.
        let grace = self.roster.limits.half_close_grace;
        let in_time = !self.uwsgi.get() && grace > 0 && now.wrapping_sub(self.last_read.get()) <= grace;
        self.half_closed.set(in_time);
        !in_time
    }

    fn has_unread_bytes(&self) -> bool {
        let mut byte = [MaybeUninit::uninit()];
        matches!(self.socket.system().peek(&mut byte), Ok(1..))
    }

    /// Closes our side of the socket.
    pub(super) fn shut_down(&self) -> io::Result<()> {
        self.socket.system().shutdown(std::net::Shutdown::Write)
    }

    /// Has the socket end with a reset where the end of the stream would be taken for that of the answer. On a unix socket
    /// there is no such thing, and the end looks like any other.
    pub(super) fn break_off(&self) {
        if self.uwsgi.get() {
            let _ = self.socket.system().set_linger(Some(Duration::ZERO));
        }
    }

    /// Whether the connection speaks uwsgi.
    pub(super) fn is_uwsgi(&self) -> bool {
        self.uwsgi.get()
    }

    pub(super) fn speaks_uwsgi(&self) {
        self.uwsgi.set(true);
    }

    /// Whether the connection speaks HTTP/2.
    pub(super) fn is_http2(&self) -> bool {
        self.http2.get()
    }
}

impl Drop for ConnectionState {
    fn drop(&mut self) {
        self.roster.leave();
    }
}

impl std::fmt::Debug for ConnectionState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionState")
            .field("order", &self.order())
            .field("running", &self.running.get())
            .finish_non_exhaustive()
    }
}
