//! Where the values of a match stand in the path.

use smallvec::SmallVec;

/// The values of a match, as places in the path that was matched. Up to four of them need no memory of their own.
///
/// In the order of the pattern's placeholders, with a final `*name` last of these; then come the named groups inside of
/// regular expressions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(SmallVec<[Span; 4]>);

/// A place in a path, in bytes. `start > end` stands for a group that took no part in the match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

impl Values {
    /// How many there are, those included that took no part.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value at `index`, where there is one; `path` is the path that was matched.
    pub fn get<'p>(&self, index: usize, path: &'p str) -> Option<&'p str> {
        let span = self.0.get(index)?;
        // The empty path is matched as `/`, whose end lies outside of it.
        (span.start <= span.end).then(|| path.get(span.start as usize..span.end as usize).unwrap_or(""))
    }

    pub(super) fn push(&mut self, start: usize, end: usize) {
        // No path is that long: `Segments` refuses to split it.
        let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
        self.0.push(Span { start: place(start), end: place(end) });
    }

    pub(super) fn push_absent(&mut self) {
        self.0.push(Span { start: 1, end: 0 });
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// Turns the order of those from `first` on around.
    pub(super) fn reverse_from(&mut self, first: usize) {
        self.0[first..].reverse();
    }
}
