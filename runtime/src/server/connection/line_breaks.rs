//! Line breaks, looked for eight bytes at a time: most lines of a head are too short for a vectorised search to pay.

use crate::protocol::url::words;

/// Where the line breaks stand in some bytes.
#[derive(Debug)]
pub(super) struct LineBreaks {
    /// The first of the eight bytes that are looked at, and those of them that are left, as the highest bits of a word.
    at: usize,
    places: u64,
    next: usize,
}

impl LineBreaks {
    /// Those from a place on.
    pub(super) const fn behind(from: usize) -> Self {
        Self { at: from, places: 0, next: from }
    }

    /// The next one, in the same bytes each time.
    #[inline]
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<usize> {
        while self.places == 0 {
            let rest = bytes.get(self.next..)?;
            self.at = self.next;
            let chunk = match rest.first_chunk() {
                Some(chunk) => *chunk,
                None if rest.is_empty() => return None,
                None => {
                    let mut last = [0; 8];
                    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                    last
                }
            };
            self.places = words::places(chunk, b'\n');
            self.next += rest.len().min(chunk.len());
        }
        let found = self.at + self.places.trailing_zeros() as usize / 8;
        self.places &= self.places - 1;
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_break_is_found_once_whatever_stands_around_it() {
        for length in 0..30 {
            for pattern in 0..1_u32 << length.min(10) {
                let bytes: Vec<_> = (0..length)
                    .map(|at| if pattern >> (at % 10) & 1 == 1 { b'\n' } else { b'\x0B' })
                    .collect();
                for from in 0..=length {
                    let mut breaks = LineBreaks::behind(from);
                    let found: Vec<_> = std::iter::from_fn(|| breaks.next(&bytes)).collect();
                    let wanted: Vec<_> = (from..length).filter(|at| bytes[*at] == b'\n').collect();
                    assert_eq!(found, wanted, "{bytes:?} from {from}");
                }
            }
        }
    }
}
