//! The bytes of one connection, counted on their way.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frame_meter::FrameMeter;
use super::framing_guard::FramingGuard;
use super::state::ConnectionState;
use super::wire::Wire;

/// The first bytes of HTTP/2 (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What the first read may take in: room for the head that most clients send in one piece.
const FIRST_READ: usize = 2048;

/// The most bytes that are held back to be written together.
const HELD: usize = 32 * 1024;

/// The most room that an idle connection keeps for bytes to be held back.
const KEPT: usize = 4 * 1024;

/// The protocol that the first bytes speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    Http1,
    Http2,
    /// The client closed without a word.
    Nothing,
}

/// The bytes of one connection.
///
/// It tells [`ConnectionState`] what arrives and what leaves, and it writes the answers to a client that sends several
/// requests at once (pipelining) together: they are held back until the next read, which is when hyper has answered what it
/// had. hyper's own `pipeline_flush` does that too, but without a bound, and it leaves an answer unsent while half of the
/// next request is there.
pub(super) struct Stream {
    wire: Wire,
    state: Arc<ConnectionState>,
    /// Bytes that were read to find out the protocol, or by hyper before a rest.
    first: Bytes,
    held: Vec<u8>,
    /// Whether the next bytes to be written are the version of an answer that has to be 1.1.
    before_version: bool,
    /// How many of the `first` bytes the guard has seen.
    guarded: usize,
    watch: Watch,
}

/// Who looks at the bytes on their way to hyper.
enum Watch {
    Nobody,
    Http1(FramingGuard),
    Http2(Box<FrameMeter>),
}

impl Stream {
    pub(super) fn new(wire: Wire, state: Arc<ConnectionState>) -> Self {
        Self {
            wire,
            state,
            first: Bytes::new(),
            held: Vec::new(),
            before_version: false,
            guarded: 0,
            watch: Watch::Nobody,
        }
    }

    /// The same where these bytes have been read already.
    pub(super) fn after(wire: Wire, state: Arc<ConnectionState>, first: Bytes) -> Self {
        Self { first, ..Self::new(wire, state) }
    }

    /// Reads until the protocol is known; what is read will be read again.
    ///
    /// # Errors
    /// What the socket says.
    pub(super) fn poll_spoken(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Spoken>> {
        loop {
            if !self.first.is_empty() {
                let length = self.first.len().min(PREFACE.len());
                let preface = self.first[..length] == PREFACE[..length];
                self.state.opened(preface);
                if !preface {
                    self.watch = Watch::Http1(FramingGuard::new());
                    return Poll::Ready(Ok(Spoken::Http1));
                } else if length == PREFACE.len() {
                    self.state.speaks_http2();
                    let clock = &self.state.roster().clock;
                    let meter = FrameMeter::new(PREFACE.len(), clock.now(), clock.period());
                    self.watch = Watch::Http2(Box::new(meter));
                    return Poll::Ready(Ok(Spoken::Http2));
                }
            }
            let mut room = [0; FIRST_READ];
            let mut room = ReadBuf::new(&mut room);
            ready!(self.wire.poll_read(context, &mut room))?;
            let read = room.filled();
            self.state.arrived(read.len());
            if read.is_empty() {
                return Poll::Ready(Ok(if self.first.is_empty() { Spoken::Nothing } else { Spoken::Http1 }));
            }
            self.first = if self.first.is_empty() {
                Bytes::copy_from_slice(read)
            } else {
                [&self.first, read].concat().into()
            };
        }
    }

    /// Has `bytes` be read next, and the answer to them be one of HTTP/1.1 whatever it says.
    pub(super) fn stand_in(&mut self, bytes: Vec<u8>) {
        self.first = bytes.into();
        self.before_version = true;
    }

    /// Takes the start of an answer, with its version put right. The status line of HTTP/1.0 differs in nothing else.
    fn hold_answer(&mut self, bytes: &[u8]) -> Option<usize> {
        self.before_version = false;
        let rest = bytes.strip_prefix(b"HTTP/1.0")?;
        let rest = &rest[..rest.len().min(HELD)];
        self.held.extend_from_slice(b"HTTP/1.1");
        self.held.extend_from_slice(rest);
        self.state.holds(self.held.len());
        Some(self.held.len())
    }

    /// Keeps nothing but what was read and not yet understood.
    pub(super) fn rest(&mut self, unread: Bytes) {
        if !unread.is_empty() {
            self.guarded += unread.len();
            self.first = if self.first.is_empty() {
                unread
            } else {
                [unread, self.first.split_off(0)].concat().into()
            };
        }
        if self.held.is_empty() {
            self.held = Vec::new();
        }
    }

    /// Waits until there is anything to read, which the end of the stream and an error are too.
    pub(super) fn poll_anything(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !self.first.is_empty() {
            return Poll::Ready(());
        }
        let read = ready!(self.wire.poll_anything(context));
        if !read.is_empty() {
            self.state.arrived(read.len());
            self.first = read;
        }
        Poll::Ready(())
    }

    fn poll_write_out(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = match &mut self.wire {
            Wire::Plain(_) => self.state.poll_write(context, bytes),
            #[cfg(feature = "tls")]
            Wire::Sealed(sealed) => Pin::new(ready!(sealed.poll_open(context))?).poll_write(context, bytes),
        };
        if let Some(recording) = self.state.recording()
            && let Poll::Ready(Ok(written)) = &polled
        {
            recording.has_taken(*written);
        }
        if let Watch::Http2(meter) = &mut self.watch
            && let Poll::Ready(Ok(written)) = &polled
        {
            meter.left(*written);
        }
        polled
    }

    /// Looks at what has just been read.
    ///
    /// # Errors
    /// Where the client must not go on.
    fn look_at(&mut self, context: &mut Context<'_>, read: &mut [u8]) -> io::Result<()> {
        match &mut self.watch {
            Watch::Nobody => Ok(()),
            Watch::Http1(_) if self.state.has_switched() => {
                self.watch = Watch::Nobody;
                Ok(())
            }
            Watch::Http1(guard) => {
                if guard.waits() && !self.state.is_answering() {
                    guard.resume();
                }
                guard.pass(read);
                if guard.is_beyond() {
                    self.state.ends_with_this();
                }
                Ok(())
            }
            Watch::Http2(_) => self.count(context, read),
        }
    }

    /// Counts the frames of HTTP/2.
    ///
    /// # Errors
    /// Where there were too many that ask for nothing. The client has been told so then.
    fn count(&mut self, context: &mut Context<'_>, read: &[u8]) -> io::Result<()> {
        let now = self.state.roster().clock.now();
        let Watch::Http2(meter) = &mut self.watch else { return Ok(()) };
        if meter.arrived(read, now) {
            return Ok(());
        }
        let [a, b, c, d] = meter.latest_stream().to_be_bytes();
        tracing::debug!("a client sends too many frames that ask for nothing: closed");
        self.state.floods();
        // Between two frames only: where the last write was not done, what it wrote may be half of one. ENHANCE_YOUR_CALM.
        if self.held.is_empty() && !self.state.is_blocked() {
            let goaway = [0, 0, 8, 7, 0, 0, 0, 0, 0, a, b, c, d, 0, 0, 0, 11];
            let _ = self.poll_write_out(context, &goaway);
            let _ = self.poll_flush_wire(context);
        }
        Err(io::Error::new(io::ErrorKind::ConnectionAborted, "too many frames that ask for nothing"))
    }

    /// Says that nothing is held any more, if so.
    #[inline]
    fn tell_if_empty(&self) {
        if let Some(recording) = self.state.recording()
            && self.held.is_empty()
        {
            recording.flushed();
        }
    }

    /// Takes bytes that hyper gives: writes them, or holds them.
    fn poll_take(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.before_version
            && let Some(taken) = self.hold_answer(bytes)
        {
            return Poll::Ready(Ok(taken));
        }
        if self.state.is_batching() && self.held.len() + bytes.len() <= HELD {
            self.held.extend_from_slice(bytes);
            self.state.holds(self.held.len());
            return Poll::Ready(Ok(bytes.len()));
        }
        if !self.held.is_empty() {
            ready!(self.poll_write_held(context))?;
        }
        self.poll_write_out(context, bytes)
    }

    /// Sends what TLS holds, if there is any.
    #[cfg_attr(not(feature = "tls"), allow(unused_variables, reason = "only TLS holds anything"))]
    fn poll_flush_wire(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(_) => Poll::Ready(Ok(())),
            #[cfg(feature = "tls")]
            Wire::Sealed(sealed) => Pin::new(ready!(sealed.poll_open(context))?).poll_flush(context),
        }
    }

    fn poll_write_held(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut held = std::mem::take(&mut self.held);
        let mut from = 0;
        let result = loop {
            if from == held.len() {
                break Poll::Ready(Ok(()));
            }
            match self.poll_write_out(context, &held[from..]) {
                Poll::Ready(Ok(0)) => break Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(written)) => from += written,
                Poll::Ready(Err(error)) => break Poll::Ready(Err(error)),
                Poll::Pending => break Poll::Pending,
            }
        };
        held.drain(..from);
        if held.capacity() <= KEPT || !held.is_empty() {
            self.held = held;
        }
        if self.held.is_empty() {
            self.state.holds(0);
        }
        result
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.held.is_empty() {
            if let Poll::Ready(Err(error)) = self.poll_write_held(context) {
                return Poll::Ready(Err(error));
            }
            self.tell_if_empty();
        }
        let before = room.filled().len();
        if !self.first.is_empty() {
            let length = self.first.len().min(room.remaining());
            room.put_slice(&self.first[..length]);
            self.first.advance(length);
            if self.first.is_empty() {
                self.first = Bytes::new();
            }
            let guarded = self.guarded.min(length);
            self.guarded -= guarded;
            return Poll::Ready(self.look_at(context, &mut room.filled_mut()[before + guarded..]));
        }
        match self.wire.poll_read(context, room) {
            Poll::Ready(Ok(())) => {
                self.state.arrived(room.filled().len() - before);
                Poll::Ready(self.look_at(context, &mut room.filled_mut()[before..]))
            }
            Poll::Pending => {
                self.state.waits();
                Poll::Pending
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(recording) = self.state.recording() {
            recording.is_given(bytes);
        }
        let polled = self.poll_take(context, bytes);
        if let Some(recording) = self.state.recording()
            && let Poll::Ready(Ok(taken)) = &polled
        {
            recording.has_given(*taken);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.held.is_empty() && !self.state.is_batching() {
            ready!(self.poll_write_held(context))?;
        }
        ready!(self.poll_flush_wire(context))?;
        self.tell_if_empty();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.held.is_empty() {
            ready!(self.poll_write_held(context))?;
        }
        #[cfg(feature = "tls")]
        if let Wire::Sealed(sealed) = &mut self.wire {
            ready!(Pin::new(ready!(sealed.poll_open(context))?).poll_shutdown(context))?;
        }
        // Where the connection ends with this, the drop of its state does it, a moment later and once.
        if self.state.is_upgraded() { Poll::Ready(self.state.shut_down()) } else { Poll::Ready(Ok(())) }
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("state", &self.state).finish_non_exhaustive()
    }
}
