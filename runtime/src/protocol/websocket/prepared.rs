//! A message that is sent to many.

use std::sync::{Arc, OnceLock};

use bytes::{BufMut, Bytes, BytesMut};

use super::deflate::compress_alone;
use super::frame::{Header, Opcode};
use super::{Encoder, Message, Role};

/// A message as a server's frame: encoded once, and compressed once for each width of window among those who get it, when the
/// first of them does. A clone is the same memory.
#[derive(Debug, Clone)]
pub(crate) struct Prepared(Arc<Frames>);

#[derive(Debug)]
struct Frames {
    plain: Bytes,
    /// The opcode of a message that may be compressed, and where its payload begins.
    data: Option<(Opcode, usize)>,
    /// By the bits of the window, from 8 to 15. `None` where compression made it no smaller.
    compressed: [OnceLock<Option<Bytes>>; 8],
}

impl Prepared {
    /// Encodes a message.
    pub(crate) fn new(message: Message) -> Self {
        let data = match &message {
            Message::Text(text) => Some((Opcode::Text, text.len())),
            Message::Binary(payload) => Some((Opcode::Binary, payload.len())),
            _ => None,
        };
        let mut out = BytesMut::with_capacity(message.len() + 10);
        if let Some(payload) = Encoder::new(Role::Server, None).encode(message, &mut out) {
            out.put_slice(&payload);
        }
        let plain = out.freeze();
        let data = data.map(|(opcode, length)| (opcode, plain.len() - length));
        Self(Arc::new(Frames { plain, data, compressed: Default::default() }))
    }

    /// The bytes of a message that may be compressed; 0 of any other.
    pub(super) fn len(&self) -> usize {
        self.0.data.map_or(0, |(_, start)| self.0.plain.len() - start)
    }

    /// The frame without compression.
    pub(super) fn plain(&self) -> Bytes {
        self.0.plain.clone()
    }

    /// The frame compressed, for one who remembers 2 to the power of `window_bits` bytes. `None` if that is no smaller.
    /// The `level` is that of the first who asks.
    pub(super) fn compressed(&self, window_bits: u8, level: u32) -> Option<Bytes> {
        let Frames { plain, data, compressed } = &*self.0;
        let (opcode, start) = (*data)?;
        let frame = compressed.get(usize::from(window_bits).checked_sub(8)?)?.get_or_init(|| {
            let mut payload = Vec::new();
            compress_alone(&plain[start..], window_bits, level, &mut payload).then(|| {
                let mut frame = BytesMut::with_capacity(payload.len() + 10);
                let length = payload.len() as u64;
                Header { fin: true, rsv1: true, opcode, mask: None, length }.write(&mut frame);
                frame.put_slice(&payload);
                frame.freeze()
            })
        });
        frame.clone()
    }
}
