//! A message that comes in pieces, or compressed, and is put together.

use bytes::Bytes;

use super::deflate::Decompressor;
use super::utf8::Utf8;
use super::{Message, Utf8Bytes, Violation};

/// What has come of a message.
#[derive(Debug)]
pub(crate) struct Assembly {
    /// `None` for a binary message.
    text: Option<Utf8>,
    /// There while the message is compressed.
    compressed: bool,
    bytes: Vec<u8>,
}

impl Assembly {
    pub(crate) fn new(is_text: bool, compressed: bool) -> Self {
        Self { text: is_text.then(Utf8::default), compressed, bytes: Vec::new() }
    }

    pub(crate) fn is_compressed(&self) -> bool {
        self.compressed
    }

    /// The bytes that are there, after they were inflated.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes of memory that they have taken.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.bytes.capacity()
    }

    /// Takes the next bytes, unmasked, as far as the message does not grow over `limit`.
    ///
    /// # Errors
    /// A message over the limit, data that cannot be inflated, text that is no UTF-8.
    pub(crate) fn push(
        &mut self,
        piece: &[u8],
        decompressor: Option<&mut Decompressor>,
        limit: usize,
    ) -> Result<(), Violation> {
        let before = self.bytes.len();
        match decompressor {
            Some(decompressor) if self.compressed => decompressor.inflate(piece, &mut self.bytes, limit)?,
            _ if piece.len() > limit - before.min(limit) => return Err(Violation::MessageTooBig(limit)),
            _ => self.bytes.extend_from_slice(piece),
        }
        match &mut self.text {
            Some(utf8) => utf8.feed(&self.bytes[before..]),
            None => Ok(()),
        }
    }

    /// The message, all of which is there.
    ///
    /// # Errors
    /// Compressed data or a character that is not complete.
    pub(crate) fn finish(
        mut self,
        decompressor: Option<&mut Decompressor>,
        limit: usize,
    ) -> Result<Message, Violation> {
        if let Some(decompressor) = decompressor
            && self.compressed
        {
            let before = self.bytes.len();
            decompressor.finish(&mut self.bytes, limit)?;
            if let Some(utf8) = &mut self.text {
                utf8.feed(&self.bytes[before..])?;
            }
        }
        let bytes = Bytes::from(self.bytes);
        Ok(match self.text {
            Some(utf8) => {
                utf8.finish()?;
                Message::Text(Utf8Bytes::try_from(bytes).map_err(|_| Violation::Utf8)?)
            }
            None => Message::Binary(bytes),
        })
    }
}
