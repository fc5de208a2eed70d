//! The bytes of a large file, read as the client takes them.

use std::fmt;
use std::fs::File;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::folder::read_piece;
use crate::app::executor::{ExecutorError, Pool};
use crate::protocol::body::BodyError;

/// How much is read at once, in bytes. A connection to a slow client holds so much of a file in memory.
pub(super) const PIECE: u64 = 64 * 1024;

type Reading = Pin<Box<dyn Future<Output = Result<io::Result<(File, Bytes)>, ExecutorError>> + Send>>;

/// The rest of a file from where it stands.
pub(super) struct FileBody {
    state: State,
    /// What has not been handed out, in bytes.
    left: u64,
    pool: Pool,
}

enum State {
    /// A piece that was read, and what comes after it.
    Ready(Bytes, File),
    Resting(File),
    Reading(Reading),
    Ended,
}

impl FileBody {
    /// `piece` and then `rest` more bytes of the file.
    pub(super) fn new(piece: Bytes, file: File, rest: u64, pool: Pool) -> Self {
        let left = piece.len() as u64 + rest;
        Self { state: State::Ready(piece, file), left, pool }
    }

    /// Hands a piece out.
    fn give(&mut self, piece: Bytes, file: File) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        self.left = self.left.saturating_sub(piece.len() as u64);
        self.state = if self.left == 0 { State::Ended } else { State::Resting(file) };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ready(piece, file) => return self.give(piece, file),
                State::Resting(file) => {
                    let (pool, length) = (self.pool.clone(), self.left.min(PIECE));
                    // A response that has begun waits its turn when the pool is full; refusing it would break it off.
                    self.state = State::Reading(Box::pin(async move {
                        pool.run(move || read_piece(&file, length).map(|piece| (file, piece))).await
                    }));
                }
                State::Reading(mut reading) => {
                    let Poll::Ready(outcome) = reading.as_mut().poll(cx) else {
                        self.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    let (file, piece) = outcome??;
                    return self.give(piece, file);
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

impl fmt::Debug for FileBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileBody({} bytes)", self.left)
    }
}
