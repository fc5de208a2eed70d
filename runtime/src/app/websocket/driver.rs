//! The task of one socket: moves bytes, calls the view, keeps the time.
//!
//! The view is polled by the driver and not beside it. So a socket is one task, nothing is handed from one to another, and
//! pings are answered, the heart beats and what others send goes out also while the view waits for something else.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::StatusCode;
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, Sleep};
use tokio_util::io::poll_read_buf;

use super::shared::Shared;
use super::state::State;
use super::{CloseCode, WebSocketError, buffer};
use crate::app::executor::{self, Executor, Panicked};
use crate::app::http_exception::HttpException;
use crate::error::{Error, Result};
use crate::protocol::upgrade::{GoingAway, Shortcut};

/// How long a socket may take for what is not the view's business.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// After how much silence the client is pinged; zero for never.
    pub(super) heartbeat: Duration,
    /// How long the answer to a ping may take.
    pub(super) pong: Duration,
    /// How long the client's part of the closing handshake may take; and, after the connection is gone, the view.
    pub(super) closing: Duration,
}

/// What the timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// For a sign of life, before a ping is sent.
    Heartbeat,
    /// For one after that.
    Pong,
    /// For the client's close frame.
    Closing,
    /// For the view, whose connection is gone.
    Parting,
    /// For nothing.
    Nothing,
}

/// How the view ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It returned.
    Returned(Result<()>),
    /// It panicked, with this message.
    Panicked(String),
    /// The connection was gone, and it did not end by itself.
    GivenUp,
}

pin_project! {
    /// The task of one socket.
    pub(super) struct Driver<I, T> {
        // Given back as soon as the connection is over, whatever the view still does.
        io: Option<I>,
        shared: Shared,
        #[pin]
        view: Option<T>,
        outcome: Option<Outcome>,
        executor: Executor,
        going_away: Option<GoingAway>,
        // The server knows whom to tell.
        told: bool,
        // Until what stood before the first frame is written.
        shortcut: Option<Shortcut>,
        patience: Patience,
        // Whether the view is never given up.
        finishing: bool,
        waiting: Waiting,
        #[pin]
        timer: Sleep,
        // The timer knows whom to wake.
        armed: bool,
        // Our side of the connection is shut: the client is to read what it was told, and to go.
        shut: bool,
    }
}

impl<I, T> Driver<I, T>
where
    I: AsyncRead + AsyncWrite + Unpin,
    T: Future<Output = Result<()>>,
{
    pub(super) fn new(
        io: I,
        shared: Shared,
        view: T,
        executor: Executor,
        going_away: Option<GoingAway>,
        patience: Patience,
        finishing: bool,
    ) -> Self {
        let waiting = if patience.heartbeat.is_zero() { Waiting::Nothing } else { Waiting::Heartbeat };
        Self {
            io: Some(io),
            shared,
            view: Some(view),
            outcome: None,
            executor,
            shortcut: going_away.as_ref().and_then(GoingAway::shortcut),
            going_away,
            told: false,
            patience,
            finishing,
            waiting,
            timer: tokio::time::sleep(patience.heartbeat),
            armed: false,
            shut: false,
        }
    }
}

impl<I, T> Future for Driver<I, T>
where
    I: AsyncRead + AsyncWrite + Unpin,
    T: Future<Output = Result<()>>,
{
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        self.as_mut().heed_the_server(context);
        self.as_mut().keep_time(context);
        let mut first = true;
        loop {
            let progress = self.as_mut().poll_input(context);
            if first || progress {
                self.as_mut().poll_view(context);
            }
            if self.as_mut().poll_output(context, progress) {
                break;
            }
            first = false;
        }
        if self.io.is_none() && self.view.is_none() {
            return Poll::Ready(self.project().outcome.take().unwrap_or(Outcome::GivenUp));
        }
        // What has just happened may have begun another wait.
        self.keep_time(context);
        Poll::Pending
    }
}

impl<I, T> Driver<I, T>
where
    I: AsyncRead + AsyncWrite + Unpin,
    T: Future<Output = Result<()>>,
{
    /// Says goodbye when the server is being stopped.
    fn heed_the_server(self: Pin<&mut Self>, context: &Context<'_>) {
        let this = self.project();
        let Some(server) = this.going_away else { return };
        if !*this.told {
            server.tell(context.waker().clone());
            *this.told = true;
        }
        if server.is_going_away() {
            this.shared.lock().say_goodbye(CloseCode::Away, "the server is being stopped");
            *this.going_away = None;
        }
    }

    /// Reads once. Tells whether there is anything new.
    fn poll_input(self: Pin<&mut Self>, context: &mut Context<'_>) -> bool {
        let this = self.project();
        let mut state = this.shared.lock();
        state.waiting().drive(context);
        let Some(io) = this.io else { return false };
        match read(io, &mut state, context) {
            Read::Bytes => true,
            Read::Nothing => false,
            Read::End => {
                *this.io = None;
                // What came before the end is still the view's.
                state.look_ahead();
                state.lose(None);
                true
            }
        }
    }

    /// Polls the view, in the scope of its application. Its panic is its own.
    fn poll_view(self: Pin<&mut Self>, context: &mut Context<'_>) {
        let mut this = self.project();
        let Some(view) = this.view.as_mut().as_pin_mut() else { return };
        let mut polled = Poll::Pending;
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            executor::enter(this.executor, || polled = view.poll(context));
        }));
        let outcome = match (guarded, polled) {
            (Ok(()), Poll::Pending) => return,
            (Ok(()), Poll::Ready(result)) => Outcome::Returned(result),
            (Err(payload), _) => Outcome::Panicked(Panicked::new(payload).to_string()),
        };
        this.view.set(None);
        let mut state = this.shared.lock();
        match &outcome {
            Outcome::Returned(Ok(())) => state.say_goodbye(CloseCode::Normal, ""),
            Outcome::Returned(Err(error)) => match error.downcast_ref::<WebSocketError>() {
                Some(error) => state.fail(error.clone()),
                None if is_temporary(error) => state.say_goodbye(CloseCode::Again, ""),
                None => state.say_goodbye(CloseCode::Error, ""),
            },
            Outcome::Panicked(_) | Outcome::GivenUp => state.say_goodbye(CloseCode::Error, ""),
        }
        drop(state);
        *this.outcome = Some(outcome);
    }

    /// Writes, and tells whether there is nothing more to do for now.
    fn poll_output(self: Pin<&mut Self>, context: &mut Context<'_>, progress: bool) -> bool {
        let this = self.project();
        let mut state = this.shared.lock();
        if let Some(io) = this.io {
            state.look_ahead();
            state.give_input();
            if write(io, &mut state, context).is_err() {
                state.lose(None);
            }
            if this.shortcut.is_some()
                && Pin::new(&mut *io).poll_flush(context).is_ready()
                && let Some(shortcut) = this.shortcut.take()
            {
                state.take_shortcut(shortcut);
            }
            let shuts = state.is_finished() || state.has_said_its_last();
            if shuts && !*this.shut {
                *this.shut = true;
                // If it takes time, the drop of the connection does it.
                let _ = Pin::new(io).poll_shutdown(context);
            }
            if state.is_finished() {
                *this.io = None;
            }
        }
        let next = if this.io.is_none() {
            (this.view.is_some() && !*this.finishing).then_some(Waiting::Parting)
        } else {
            state.has_said_close().then_some(Waiting::Closing)
        };
        if let Some(next) = next
            && *this.waiting != next
        {
            *this.waiting = next;
            let deadline = Instant::now() + this.patience.closing;
            this.timer.reset(deadline);
            *this.armed = false;
        }
        if !progress {
            // In the same breath as the last look: what comes later calls the driver.
            state.waiting().rest();
        }
        !progress
    }

    /// Does what is due.
    fn keep_time(self: Pin<&mut Self>, context: &mut Context<'_>) {
        let mut this = self.project();
        loop {
            if *this.waiting == Waiting::Nothing || (*this.armed && !this.timer.is_elapsed()) {
                return;
            }
            *this.armed = true;
            if this.timer.as_mut().poll(context).is_pending() {
                return;
            }
            let mut state = this.shared.lock();
            let (next, time) = match *this.waiting {
                Waiting::Heartbeat | Waiting::Pong if state.take_heard() => {
                    (Waiting::Heartbeat, this.patience.heartbeat)
                }
                Waiting::Heartbeat => {
                    state.ping();
                    (Waiting::Pong, this.patience.pong)
                }
                Waiting::Pong | Waiting::Closing => {
                    let fault = (*this.waiting == Waiting::Pong).then_some(WebSocketError::Silent);
                    state.lose(fault);
                    *this.io = None;
                    (Waiting::Nothing, Duration::ZERO)
                }
                Waiting::Parting => {
                    drop(state);
                    this.view.set(None);
                    (Waiting::Nothing, Duration::ZERO)
                }
                Waiting::Nothing => return,
            };
            *this.waiting = next;
            this.timer.as_mut().reset(Instant::now() + time);
            *this.armed = false;
        }
    }
}

impl<I, T> fmt::Debug for Driver<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("waiting", &self.waiting)
            .field("closed", &self.io.is_none())
            .finish_non_exhaustive()
    }
}

/// What came of an attempt to read.
enum Read {
    /// Some bytes.
    Bytes,
    /// Nothing now, or there is no room for more.
    Nothing,
    /// The client has closed the connection, or it broke.
    End,
}

fn read<I: AsyncRead + Unpin>(io: &mut I, state: &mut State, context: &mut Context<'_>) -> Read {
    let missing = state.missing();
    let Some(input) = state.input() else { return Read::Nothing };
    if input.capacity() == 0 {
        *input = buffer::take();
    }
    // Of a long message no more room is made at once than has come of it already: a length is only a claim.
    input.reserve(missing.min(input.len()).max(buffer::SIZE));
    match poll_read_buf(Pin::new(io), context, input) {
        Poll::Ready(Ok(1..)) => {
            state.has_read(context);
            Read::Bytes
        }
        Poll::Ready(_) => Read::End,
        Poll::Pending => Read::Nothing,
    }
}

/// Writes what is to be written, as far as the client takes it.
fn write<I: AsyncWrite + Unpin>(io: &mut I, state: &mut State, context: &mut Context<'_>) -> io::Result<()> {
    if state.output().is_empty() {
        return Ok(());
    }
    let mut taken = false;
    // Of what others sent, only so much is moved to the output at a time. Where all of that is taken, nobody calls for the rest.
    while !state.output().is_empty() {
        if state.output().poll_write(io, context)?.is_pending() {
            break;
        }
        taken = true;
    }
    // What is taken is on its way, or will be with the next poll.
    if taken && let Poll::Ready(Err(error)) = Pin::new(io).poll_flush(context) {
        return Err(error);
    }
    state.has_written();
    Ok(())
}

/// Whether the client may come back later: what a view fails with is a 503, as where rooms cannot be reached.
fn is_temporary(error: &Error) -> bool {
    error
        .downcast_ref::<HttpException>()
        .is_some_and(|exception| exception.status() == StatusCode::SERVICE_UNAVAILABLE)
}
