//! What is to be written to a connection.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::AsyncWrite;

use super::buffer;
use crate::protocol::websocket::{Encoder, Message, Prepared};

/// Frames that are shared by many sockets are copied up to this size: to hand them over one by one costs more.
const COPIED: usize = 4 * 1024;

/// The least room that is made for frames.
const LEAST: usize = 4 * 1024;

/// How many pieces are written at once.
const AT_ONCE: usize = 16;

/// What is to be written, in order: short frames one behind the other in one buffer, long payloads as they are.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// What comes before `tail`.
    pieces: VecDeque<Bytes>,
    tail: BytesMut,
    /// The bytes of `pieces`.
    ahead: usize,
}

impl Output {
    pub(super) fn len(&self) -> usize {
        self.ahead + self.tail.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn encode(&mut self, encoder: &mut Encoder, message: Message) {
        self.make_room();
        if let Some(payload) = encoder.encode(message, &mut self.tail) {
            self.push(payload);
        }
    }

    pub(super) fn append(&mut self, encoder: &mut Encoder, prepared: &Prepared) {
        let frame = encoder.prepared(prepared);
        if frame.len() <= COPIED {
            self.make_room();
            self.tail.extend_from_slice(&frame);
        } else {
            self.push(frame);
        }
    }

    /// Puts the rest of a frame behind what is to be written, the first part of which was written already.
    pub(super) fn append_rest(&mut self, rest: Bytes) {
        self.push(rest);
    }

    fn make_room(&mut self) {
        if self.tail.capacity() == 0 {
            self.tail = buffer::take();
            // Worth being kept, for the next frame of whichever socket.
            self.tail.reserve(LEAST);
        }
    }

    fn push(&mut self, piece: Bytes) {
        if !self.tail.is_empty() {
            let before = self.tail.split().freeze();
            self.ahead += before.len();
            self.pieces.push_back(before);
        }
        self.ahead += piece.len();
        self.pieces.push_back(piece);
    }

    /// Writes as much as is taken. Ready when nothing is left.
    ///
    /// # Errors
    /// Those of the connection, which is lost then.
    pub(super) fn poll_write(
        &mut self,
        io: &mut (impl AsyncWrite + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while !self.is_empty() {
            let written = if self.pieces.is_empty() {
                Pin::new(&mut *io).poll_write(context, &self.tail)
            } else {
                let mut slices = [IoSlice::new(&[]); AT_ONCE];
                let pieces = self.pieces.iter().map(|piece| &piece[..]).chain([&self.tail[..]]);
                let mut used = 0;
                for (slice, piece) in slices.iter_mut().zip(pieces) {
                    *slice = IoSlice::new(piece);
                    used += 1;
                }
                Pin::new(&mut *io).poll_write_vectored(context, &slices[..used])
            };
            match written {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(written)) => self.advance(written),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        if self.tail.capacity() > 0 {
            buffer::give(&mut self.tail);
        }
        Poll::Ready(Ok(()))
    }

    fn advance(&mut self, mut written: usize) {
        while let Some(first) = self.pieces.front_mut() {
            if written < first.len() {
                first.advance(written);
                self.ahead -= written;
                return;
            }
            written -= first.len();
            self.ahead -= first.len();
            self.pieces.pop_front();
        }
        if written < self.tail.len() {
            self.tail.advance(written);
        } else {
            // Not so, or the room that it has would be lost with what was in it.
            self.tail.clear();
        }
        if self.pieces.is_empty() && self.pieces.capacity() > 0 {
            self.pieces = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::protocol::websocket::Role;

    /// Takes a few bytes at a time, and now and then none.
    #[derive(Default)]
    struct Slow {
        taken: Vec<u8>,
        turn: usize,
    }

    impl AsyncWrite for Slow {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.turn += 1;
            if self.turn.is_multiple_of(3) {
                return Poll::Pending;
            }
            let taken = bytes.len().min(1000 + self.turn);
            self.taken.extend_from_slice(&bytes[..taken]);
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn long_and_short_messages_leave_in_order_however_slowly_they_are_taken() {
        let mut encoder = Encoder::new(Role::Server, None);
        let (mut output, mut expected) = (Output::default(), Vec::new());
        for length in [1, 20_000, 5, 0, 9_000, 30_000, 7] {
            let message = Message::binary(vec![u8::try_from(length % 251).unwrap(); length]);
            let prepared = Prepared::new(message.clone());
            output.encode(&mut encoder, message);
            output.append(&mut encoder, &prepared);
            for _ in 0..2 {
                expected.extend_from_slice(&encoder.prepared(&prepared));
            }
        }
        assert_eq!(output.len(), expected.len());
        let mut slow = Slow::default();
        while output.poll_write(&mut slow, &mut Context::from_waker(Waker::noop())).is_pending() {}
        assert!(slow.taken == expected);
    }
}
