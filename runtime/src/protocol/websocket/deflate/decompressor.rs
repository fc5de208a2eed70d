//! Messages made what they were (RFC 7692 section 7.2.2).

use std::fmt;

use flate2::{Decompress, FlushDecompress, Status};

use super::super::Violation;
use super::agreement::Direction;
use super::{FLUSHED, store};

/// Inflates what comes on one socket.
pub(crate) struct Decompressor {
    direction: Direction,
    /// There while a message comes, and between messages where earlier ones are to be remembered.
    decompress: Option<Decompress>,
}

impl Decompressor {
    pub(crate) fn new(direction: Direction) -> Self {
        Self { direction, decompress: None }
    }

    /// Inflates the next part of a message behind what is in `out`, which holds the message so far and no more than one
    /// byte above `limit`.
    ///
    /// # Errors
    /// Data that is damaged, a message over the limit.
    pub(crate) fn inflate(
        &mut self,
        mut part: &[u8],
        out: &mut Vec<u8>,
        limit: usize,
    ) -> Result<(), Violation> {
        let Direction { takeover, window_bits } = self.direction;
        let decompress = self.decompress.get_or_insert_with(|| {
            // One that goes back to the store has the widest window, so that it fits whoever takes it next.
            if takeover {
                Decompress::new_with_window_bits(false, window_bits.max(9))
            } else {
                store::decompressor()
            }
        });
        loop {
            if out.len() == out.capacity() {
                let most = limit.saturating_add(1).saturating_sub(out.len());
                // Not by what the data may become at best, a thousand times as much, but by what it became so far.
                out.reserve_exact((part.len() * 4).max(out.len()).max(64).min(most));
            }
            let (taken, made) = (decompress.total_in(), out.len());
            let status = decompress.decompress_vec(part, out, FlushDecompress::Sync);
            let status = status.map_err(|_| Violation::Deflate)?;
            let taken = usize::try_from(decompress.total_in() - taken).unwrap_or(usize::MAX);
            part = part.get(taken..).unwrap_or_default();
            if out.len() > limit {
                return Err(Violation::MessageTooBig(limit));
            }
            if status == Status::StreamEnd {
                // A block that says it is the last one is followed by a new stream (section 7.2.3.4).
                decompress.reset(false);
                if part.is_empty() {
                    return Ok(());
                }
            } else if part.is_empty() && out.len() < out.capacity() {
                return Ok(());
            } else if taken == 0 && made == out.len() && out.len() < out.capacity() {
                return Err(Violation::Deflate);
            }
        }
    }

    /// The message ends here.
    ///
    /// # Errors
    /// As [`inflate`](Self::inflate).
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<(), Violation> {
        self.inflate(&FLUSHED, out, limit)?;
        if !self.direction.takeover
            && let Some(decompress) = self.decompress.take()
        {
            store::keep_decompressor(decompress);
        }
        Ok(())
    }
}

impl fmt::Debug for Decompressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decompressor").field("direction", &self.direction).finish_non_exhaustive()
    }
}
