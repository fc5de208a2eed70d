//! Texts that are compared, and put together, while a program is compiled.

/// `==` cannot be used in a constant yet.
pub(super) const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}

/// Names that are longer are not compared.
const LONGEST: usize = 48;

/// How many letters must be put in, taken out, replaced or swapped with their neighbour to make `other` of `one`.
pub(super) const fn slips(one: &[u8], other: &[u8]) -> usize {
    if one.len() > LONGEST || other.len() > LONGEST {
        return usize::MAX;
    }
    // Row by row; a swap looks two rows back.
    let mut rows = [[0; LONGEST + 1]; 3];
    let mut column = 0;
    while column <= other.len() {
        rows[0][column] = column;
        column += 1;
    }
    let mut row = 1;
    while row <= one.len() {
        let (this, last, before) = (row % 3, (row + 2) % 3, (row + 1) % 3);
        rows[this][0] = row;
        let mut column = 1;
        while column <= other.len() {
            let same = one[row - 1] == other[column - 1];
            let mut least = rows[last][column - 1] + if same { 0 } else { 1 };
            if rows[last][column] + 1 < least {
                least = rows[last][column] + 1;
            }
            if rows[this][column - 1] + 1 < least {
                least = rows[this][column - 1] + 1;
            }
            let swapped = row > 1
                && column > 1
                && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1];
            if swapped && rows[before][column - 2] + 1 < least {
                least = rows[before][column - 2] + 1;
            }
            rows[this][column] = least;
            column += 1;
        }
        row += 1;
    }
    rows[one.len() % 3][other.len()]
}

/// A text that grows in a constant, where nothing can be allocated. What does not fit is cut off.
pub(super) struct Sentence<const ROOM: usize> {
    bytes: [u8; ROOM],
    length: usize,
}

impl<const ROOM: usize> Sentence<ROOM> {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; ROOM], length: 0 }
    }

    #[cfg(feature = "templates")]
    pub(super) const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds all of `text` or, where it does not fit, nothing: half a character would be none.
    pub(super) const fn push(&mut self, text: &str) {
        let text = text.as_bytes();
        if self.length + text.len() > self.bytes.len() {
            return;
        }
        let mut place = 0;
        while place < text.len() {
            self.bytes[self.length] = text[place];
            self.length += 1;
            place += 1;
        }
    }

    #[cfg(feature = "templates")]
    /// Adds a number in decimal.
    pub(super) const fn push_number(&mut self, number: usize) {
        const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        if number >= 10 {
            self.push_number(number / 10);
        }
        self.push(DIGITS[number % 10]);
    }

    pub(super) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "this cannot be, and what is wrong with it cannot be said",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_as_the_macros_count_them() {
        for (one, other, expected) in [
            ("id", "id", 0),
            ("", "id", 2),
            ("idd", "id", 1),
            ("slgu", "slug", 1),
            ("nmae", "name", 1),
            ("paht_of", "path", 4),
            ("kitten", "sitting", 3),
            ("abcdef", "fedcba", 5),
        ] {
            assert_eq!(slips(one.as_bytes(), other.as_bytes()), expected, "{one} {other}");
            assert_eq!(slips(other.as_bytes(), one.as_bytes()), expected, "{other} {one}");
        }
        assert_eq!(slips(&[b'a'; LONGEST + 1], b"a"), usize::MAX);
    }
}
