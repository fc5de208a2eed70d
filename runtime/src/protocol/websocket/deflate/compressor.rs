//! Messages made smaller (RFC 7692 section 7.2.1).

use std::fmt;

use flate2::{Compress, FlushCompress};

use super::super::Role;
use super::agreement::{Agreement, Direction};
use super::{FLUSHED, store};

/// Compresses what is sent on one socket.
pub(crate) struct Compressor {
    direction: Direction,
    level: u32,
    smallest: usize,
    /// What remembers earlier messages, where that was agreed on.
    kept: Option<Compress>,
}

impl Compressor {
    pub(crate) fn new(agreement: &Agreement, role: Role) -> Self {
        let Agreement { level, smallest, .. } = *agreement;
        Self { direction: agreement.outgoing(role), level, smallest, kept: None }
    }

    /// How far back what is sent may refer: 2 to the power of this.
    pub(crate) fn window_bits(&self) -> u8 {
        self.direction.window_bits
    }

    pub(crate) fn level(&self) -> u32 {
        self.level
    }

    /// Whether a message of so many bytes is worth it. An empty one never is.
    pub(crate) fn is_worth(&self, length: usize) -> bool {
        length >= self.smallest.max(1)
    }

    /// Writes the payload of a frame that says the same behind what is in `out`. `false` if the message is to be sent as it
    /// is, since it would not become smaller; then `out` is as it was.
    pub(crate) fn compress(&mut self, message: &[u8], out: &mut Vec<u8>) -> bool {
        let Direction { takeover, window_bits } = self.direction;
        let mut compress = self.kept.take().unwrap_or_else(|| store::compressor(window_bits, self.level));
        let before = out.len();
        let done = deflate(&mut compress, message, out);
        if takeover && done {
            // What it has seen the peer must see too, so it is sent whether it is smaller or not.
            self.kept = Some(compress);
            return true;
        }
        store::keep_compressor(window_bits, self.level, compress);
        let smaller = done && out.len() - before < message.len();
        if !smaller {
            out.truncate(before);
        }
        smaller
    }

    /// Forgets earlier messages: the peer will see one that this has not.
    pub(crate) fn forget(&mut self) {
        if let Some(compress) = self.kept.take() {
            store::keep_compressor(self.direction.window_bits, self.level, compress);
        }
    }
}

/// A message by itself, referring to no other.
pub(crate) fn compress_alone(message: &[u8], window_bits: u8, level: u32, out: &mut Vec<u8>) -> bool {
    let direction = Direction { takeover: false, window_bits };
    Compressor { direction, level, smallest: 0, kept: None }.compress(message, out)
}

/// Writes the message behind what is in `out`, without the end that goes without saying. `false` if that cannot be done.
fn deflate(compress: &mut Compress, mut message: &[u8], out: &mut Vec<u8>) -> bool {
    loop {
        // Never so little that the flush itself would have to be done in parts.
        out.reserve(message.len() / 2 + 64);
        let before = compress.total_in();
        if compress.compress_vec(message, out, FlushCompress::Sync).is_err() {
            return false;
        }
        let taken = usize::try_from(compress.total_in() - before).unwrap_or(usize::MAX);
        message = message.get(taken..).unwrap_or_default();
        if message.is_empty() && out.len() < out.capacity() {
            break;
        }
    }
    let flushed = out.ends_with(&FLUSHED);
    if flushed {
        out.truncate(out.len() - FLUSHED.len());
    }
    flushed
}

impl fmt::Debug for Compressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compressor").field("direction", &self.direction).finish_non_exhaustive()
    }
}
