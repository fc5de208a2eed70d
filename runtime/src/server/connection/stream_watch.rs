//! Streams of an HTTP/2 connection whose clients do not take what is ready for them.
//!
//! A client can keep a response for ever by opening no window for it, while the connection itself goes on. hyper runs each
//! stream as a task, which it starts through an executor: the one here lets the sweep end the task, and so the stream.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};

use hyper::rt::Executor;
use pin_project_lite::pin_project;

use super::super::clock::Limits;
use super::field::{Flag, Number};
use super::state::ConnectionState;
use crate::protocol::body_pace::BodyPace;

/// How far one stream's response is.
#[derive(Debug, Default)]
pub(super) struct StreamWatch {
    task: OnceLock<Waker>,
    /// A piece was handed over, and no other was asked for: there is no window for it.
    handed: Flag,
    /// Set by the sweep that saw `handed` first.
    seen: Flag,
    since: Number,
    cut: Flag,
    body: OnceLock<BodyWatch>,
}

/// How far the body of one stream's request is.
#[derive(Debug, Default)]
struct BodyWatch {
    pace: Arc<BodyPace>,
    /// Ticks spent waiting, and bytes that had arrived, since the present stretch began.
    waited: Number,
    stretch: Number,
}

impl StreamWatch {
    /// A piece of the body was handed over (or, if not, asked for).
    pub(super) fn hands(&self, handed: bool) {
        self.handed.set(handed);
        self.seen.set(false);
    }

    /// What is to be told how the body of the request arrives.
    pub(super) fn pace(&self) -> Arc<BodyPace> {
        Arc::clone(&self.body.get_or_init(BodyWatch::default).pace)
    }

    /// Cuts the stream where its client has taken nothing for more than `limit` ticks, or sends its body too slowly.
    pub(super) fn look_after(&self, now: u32, limits: &Limits) {
        if self.body.get().is_some_and(|body| body.is_slow(limits)) && !self.cut.get() {
            tracing::debug!("the body of a stream comes too slowly: reset");
            self.give_up();
        }
        self.look_after_response(now, limits.response);
    }

    fn look_after_response(&self, now: u32, limit: u32) {
        if !self.handed.get() {
            return;
        }
        if !self.seen.get() {
            self.seen.set(true);
            self.since.set(now);
        } else if now.wrapping_sub(self.since.get()) > limit && !self.cut.get() {
            tracing::debug!("a client does not read the response of a stream: reset");
            self.give_up();
        }
    }

    fn give_up(&self) {
        self.cut.set(true);
        if let Some(task) = self.task.get() {
            task.wake_by_ref();
        }
    }
}

impl BodyWatch {
    /// Each stretch of waiting for the body must bring its bytes.
    fn is_slow(&self, limits: &Limits) -> bool {
        if limits.body_bytes == 0 {
            return false;
        }
        let received = self.pace.received();
        if received.wrapping_sub(self.stretch.get()) >= limits.body_bytes {
            self.stretch.set(received);
            self.waited.set(0);
        } else if self.pace.is_waiting() {
            self.waited.add(1);
        }
        self.waited.get() > limits.body_patience
    }
}

/// Starts the tasks of one HTTP/2 connection's streams, each under its watch.
#[derive(Debug, Clone)]
pub(super) struct StreamExecutor(pub(super) Arc<ConnectionState>);

impl<F> Executor<F> for StreamExecutor
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: F) {
        match self.0.starting_stream() {
            Some(watch) => drop(tokio::spawn(Watched { stream, watch })),
            // Not a request's own task, but one that hyper starts for itself.
            None => drop(tokio::spawn(stream)),
        }
    }
}

pin_project! {
    /// A stream's task, which ends early when its watch says so.
    struct Watched<F> {
        #[pin]
        stream: F,
        watch: Arc<StreamWatch>,
    }
}

impl<F: Future<Output = ()>> Future for Watched<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if this.watch.cut.get() {
            return Poll::Ready(());
        }
        if this.watch.task.get().is_none() {
            let _ = this.watch.task.set(context.waker().clone());
        }
        this.stream.poll(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_only_when_a_piece_stays_where_it_is() {
        let watch = StreamWatch::default();
        for now in 0..10 {
            watch.look_after_response(now, 3);
        }
        assert!(!watch.cut.get(), "nothing was handed over");
        for now in 10..30 {
            watch.hands(true);
            watch.look_after_response(now, 3);
            watch.look_after_response(now, 3);
        }
        assert!(!watch.cut.get(), "each piece was taken in time");
        for now in 30..34 {
            watch.look_after_response(now, 3);
        }
        assert!(watch.cut.get());
    }
}
