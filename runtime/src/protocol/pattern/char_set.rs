//! A run of characters of one set: what `\d+` or `[a-z]{2,8}` comes to.

use aiopyramid_pattern::CharRun;

/// Characters of one set, between two counts. Matched by counting, without an automaton.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// A bit for each ASCII character.
    ascii: u128,
    /// The others, as ranges in ascending order.
    wide: Box<[(char, char)]>,
    min: u32,
    max: u32,
}

impl Run {
    pub(super) fn new(run: &CharRun) -> Self {
        let mut ascii = 0;
        for c in '\0'..'\u{80}' {
            if run.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) {
                ascii |= 1 << u32::from(c);
            }
        }
        let wide = run.ranges.iter().filter(|(_, last)| !last.is_ascii()).copied().collect();
        Self { ascii, wide, min: run.min, max: run.max.unwrap_or(u32::MAX) }
    }

    pub(super) fn contains(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii >> u32::from(c) & 1 == 1;
        }
        let after = self.wide.partition_point(|(first, _)| *first <= c);
        after > 0 && c <= self.wide[after - 1].1
    }

    /// Whether the whole of `text` is such a run.
    pub(super) fn matches(&self, text: &str) -> bool {
        // The usual text is ASCII, where bytes are characters.
        let (bytes, count) = self.longest(text, u32::MAX);
        bytes == text.len() && self.allows(count)
    }

    /// The length in bytes of the run at the start of `text`, of all characters that are in the set; `None` where their
    /// number is not allowed.
    pub(super) fn all_of(&self, text: &str) -> Option<usize> {
        let (bytes, count) = self.longest(text, u32::MAX);
        self.allows(count).then_some(bytes)
    }

    /// The same, of no more characters than are allowed.
    pub(super) fn most_of(&self, text: &str) -> Option<usize> {
        let (bytes, count) = self.longest(text, self.max);
        self.allows(count).then_some(bytes)
    }

    fn allows(&self, count: u32) -> bool {
        (self.min..=self.max).contains(&count)
    }

    fn longest(&self, text: &str, limit: u32) -> (usize, u32) {
        let mut count = 0;
        for (at, c) in text.char_indices() {
            if count == limit || !self.contains(c) {
                return (at, count);
            }
            count += 1;
        }
        (text.len(), count)
    }
}
