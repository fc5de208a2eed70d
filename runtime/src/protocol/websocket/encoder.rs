//! Messages into what is to be written.

use std::cell::RefCell;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

use bytes::{BufMut, Bytes, BytesMut};

use super::deflate::{Agreement, Compressor};
use super::frame::{Header, LONGEST_CONTROL, Opcode};
use super::prepared::Prepared;
use super::{Message, Role, close, mask};

/// Payloads of so many bytes and more are not copied into the buffer.
const SEPARATE: usize = 8 * 1024;

/// The scratch memory of compression that a thread keeps.
const LARGEST_SCRATCH: usize = 64 * 1024;

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Puts messages into the bytes that are sent to a peer.
pub(crate) struct Encoder {
    compressor: Option<Box<Compressor>>,
    /// Where the masks of a client come from.
    masks: Option<Masks>,
}

impl Encoder {
    /// One for what a `role` sends: a client masks.
    pub(crate) fn new(role: Role, deflate: Option<&Agreement>) -> Self {
        let compressor = deflate.map(|agreement| Box::new(Compressor::new(agreement, role)));
        let masks = (role == Role::Client).then(Masks::default);
        Self { compressor, masks }
    }

    /// Puts the frame of a message behind what is in `out`.
    ///
    /// What is returned is a payload that was too long to be copied: it is to be sent as it is, behind all of `out`.
    /// A message is one frame. Of a ping or a pong the first 125 bytes are sent, and of the reason of a close as many
    /// whole characters as fit. A [`Message::Frame`] goes out as it is.
    #[must_use = "a long payload is not in the buffer"]
    pub(crate) fn encode(&mut self, message: Message, out: &mut BytesMut) -> Option<Bytes> {
        match message {
            Message::Text(text) => self.data(Opcode::Text, text.into(), out),
            Message::Binary(payload) => self.data(Opcode::Binary, payload, out),
            Message::Ping(payload) => self.control(Opcode::Ping, &payload, out),
            Message::Pong(payload) => self.control(Opcode::Pong, &payload, out),
            Message::Close(frame) => {
                let mut payload = BytesMut::new();
                close::write(frame.as_ref(), &mut payload);
                self.control(Opcode::Close, &payload, out)
            }
            Message::Frame(mut frame) => {
                frame.header_mut().mask = self.masks.as_mut().map(Masks::next);
                // A buffer takes everything.
                let _ = frame.format(&mut out.writer());
                None
            }
        }
    }

    /// The frame of a message that is sent to many: the same memory for all who agreed on the same.
    ///
    /// Only a server can do that, since a client masks each frame in another way.
    pub(crate) fn prepared(&mut self, prepared: &Prepared) -> Bytes {
        if let Some(compressor) = &mut self.compressor
            && compressor.is_worth(prepared.len())
            && let Some(frame) = prepared.compressed(compressor.window_bits(), compressor.level())
        {
            // The peer remembers a message that our own window does not have.
            compressor.forget();
            return frame;
        }
        prepared.plain()
    }

    fn data(&mut self, opcode: Opcode, payload: Bytes, out: &mut BytesMut) -> Option<Bytes> {
        if let Some(compressor) = &mut self.compressor
            && compressor.is_worth(payload.len())
        {
            let mut scratch = SCRATCH.take();
            scratch.clear();
            if compressor.compress(&payload, &mut scratch) {
                if scratch.len() >= SEPARATE {
                    return self.frame(opcode, true, Bytes::from(scratch), out);
                }
                self.copied(opcode, true, &scratch, out);
                keep_scratch(scratch);
                return None;
            }
            keep_scratch(scratch);
        }
        self.frame(opcode, false, payload, out)
    }

    fn frame(&mut self, opcode: Opcode, rsv1: bool, payload: Bytes, out: &mut BytesMut) -> Option<Bytes> {
        if payload.len() < SEPARATE || self.masks.is_some() {
            self.copied(opcode, rsv1, &payload, out);
            return None;
        }
        Header { fin: true, rsv1, opcode, mask: None, length: payload.len() as u64 }.write(out);
        Some(payload)
    }

    fn control(&mut self, opcode: Opcode, payload: &[u8], out: &mut BytesMut) -> Option<Bytes> {
        self.copied(opcode, false, &payload[..payload.len().min(LONGEST_CONTROL)], out);
        None
    }

    /// A frame, all of which goes into the buffer.
    fn copied(&mut self, opcode: Opcode, rsv1: bool, payload: &[u8], out: &mut BytesMut) {
        let mask = self.masks.as_mut().map(Masks::next);
        Header { fin: true, rsv1, opcode, mask, length: payload.len() as u64 }.write(out);
        let start = out.len();
        out.put_slice(payload);
        if let Some(key) = mask {
            mask::apply(&mut out[start..], key, 0);
        }
    }
}

/// Memory for the next message, unless it has grown large.
fn keep_scratch(scratch: Vec<u8>) {
    if scratch.capacity() <= LARGEST_SCRATCH {
        SCRATCH.set(scratch);
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").field("compressor", &self.compressor).finish_non_exhaustive()
    }
}

/// Masks that nobody can guess who does not know the key of the hash, which comes from the system (RFC 6455 section 10.3).
#[derive(Default)]
struct Masks {
    key: RandomState,
    count: u64,
}

impl Masks {
    fn next(&mut self) -> [u8; 4] {
        self.count += 1;
        let [a, b, c, d, ..] = self.key.hash_one(self.count).to_ne_bytes();
        [a, b, c, d]
    }
}
