//! A path, cut at its slashes.

use std::ops::Range;

use crate::protocol::url::words;

/// A path with the places of its segments. The slash that it begins with is left out, so `/` has one empty segment.
///
/// Cut once and shared by all patterns that are tried on the path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segments<'a> {
    path: &'a str,
    /// Where each segment starts, and one more: where the next would, with its slash before it.
    starts: &'a [u32],
    whole: bool,
}

/// The memory in which a path is cut.
#[derive(Debug)]
pub(crate) struct Cuts {
    few: [u32; Self::FEW],
    many: Vec<u32>,
}

impl Cuts {
    /// So many starts need no memory of their own. A pattern with more segments is hardly ever seen.
    const FEW: usize = 16;

    /// Room for a path of which no more than `limit` segments are looked at.
    pub(crate) fn of(limit: usize) -> Self {
        let many = if limit < Self::FEW { Vec::new() } else { vec![0; limit + 1] };
        Self { few: [0; Self::FEW], many }
    }

    fn room(&mut self, limit: usize) -> &mut [u32] {
        if self.many.is_empty() { &mut self.few[..=limit] } else { &mut self.many }
    }
}

impl<'a> Segments<'a> {
    /// Cuts `path` into at most `limit` segments, one or more: no pattern looks at more. `None` where it does not begin with a
    /// slash, and so matches nothing.
    pub(crate) fn cut(path: &'a str, limit: usize, cuts: &'a mut Cuts) -> Option<Self> {
        let bytes = path.as_bytes();
        if bytes.first() != Some(&b'/') || u32::try_from(bytes.len() + 1).is_err() {
            return None;
        }
        let starts = cuts.room(limit);
        let mut count = 0;
        let (chunks, rest) = bytes.as_chunks();
        let mut at = 0;
        for chunk in chunks {
            let mut slashes = words::places(*chunk, b'/');
            while slashes != 0 {
                let Some(start) = starts.get_mut(count) else {
                    return Some(Self { path, starts, whole: false });
                };
                *start = place(at + slashes.trailing_zeros() as usize / 8 + 1);
                count += 1;
                slashes &= slashes - 1;
            }
            at += 8;
        }
        for byte in rest {
            at += 1;
            if *byte == b'/' {
                let Some(start) = starts.get_mut(count) else {
                    return Some(Self { path, starts, whole: false });
                };
                *start = place(at);
                count += 1;
            }
        }
        // The room is for one more than the limit, which is where the last segment ends.
        let Some(start) = starts.get_mut(count) else { return Some(Self { path, starts, whole: false }) };
        *start = place(bytes.len() + 1);
        Some(Self { path, starts: &starts[..=count], whole: true })
    }

    pub(crate) fn path(&self) -> &'a str {
        self.path
    }

    /// How many segments were cut off: all, or as many as the limit says.
    pub(crate) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether the path has `count` segments and no more.
    pub(crate) fn are(&self, count: usize) -> bool {
        self.whole && self.count() == count
    }

    /// Where the segment at `index` stands. To be asked only for one that was cut off.
    pub(crate) fn place(&self, index: usize) -> Range<usize> {
        self.starts[index] as usize..self.starts[index + 1] as usize - 1
    }

    /// The bytes of the segment at `index`.
    pub(crate) fn bytes(&self, index: usize) -> &'a [u8] {
        &self.path.as_bytes()[self.place(index)]
    }
}

/// The length of a path was checked before.
#[expect(clippy::cast_possible_truncation)]
fn place(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(path: &str, limit: usize) -> Vec<&str> {
        let mut cuts = Cuts::of(limit);
        let segments = Segments::cut(path, limit, &mut cuts).unwrap();
        (0..segments.count()).map(|index| &path[segments.place(index)]).collect()
    }

    #[test]
    fn a_path_is_cut_at_every_slash() {
        for path in ["/", "/a", "//", "/a/bc/", "/0123456/0123456789//é/日本/x", "/a.b/.0/0.//////////z"] {
            assert_eq!(cut(path, 99), path[1..].split('/').collect::<Vec<_>>(), "{path}");
        }
    }

    #[test]
    fn no_more_is_cut_than_is_looked_at() {
        let path = "/a/b/c/d/e/f/g/h/i";
        assert_eq!(cut(path, 3), ["a", "b", "c"]);
        assert!(!Segments::cut(path, 3, &mut Cuts::of(3)).unwrap().are(3));
        assert!(Segments::cut(path, 9, &mut Cuts::of(9)).unwrap().are(9));
    }

    #[test]
    fn what_does_not_begin_with_a_slash_is_no_path() {
        assert!(Segments::cut("a/b", 9, &mut Cuts::of(9)).is_none());
        assert!(Segments::cut("", 9, &mut Cuts::of(9)).is_none());
    }
}
