//! UTF-8 that comes in parts (RFC 6455 section 8.1): the first byte that cannot be right is noticed when it is there.

use std::str;

use super::Violation;

/// The state between two parts: what has come of a character that is not complete.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Utf8 {
    begun: [u8; 4],
    length: u8,
}

impl Utf8 {
    /// Looks at the next part.
    ///
    /// # Errors
    /// [`Violation::Utf8`] if no continuation could make it right.
    pub(crate) fn feed(&mut self, mut part: &[u8]) -> Result<(), Violation> {
        while self.length > 0 {
            let Some((&next, rest)) = part.split_first() else { return Ok(()) };
            part = rest;
            self.begun[usize::from(self.length)] = next;
            self.length += 1;
            match str::from_utf8(&self.begun[..usize::from(self.length)]) {
                Ok(_) => self.length = 0,
                Err(error) if error.error_len().is_some() => return Err(Violation::Utf8),
                Err(_) => {}
            }
        }
        if let Err(error) = str::from_utf8(part) {
            if error.error_len().is_some() {
                return Err(Violation::Utf8);
            }
            let begun = &part[error.valid_up_to()..];
            self.begun[..begun.len()].copy_from_slice(begun);
            // Three bytes at most: with the fourth a character is complete, or wrong.
            self.length = u8::try_from(begun.len()).map_err(|_| Violation::Utf8)?;
        }
        Ok(())
    }

    /// The text ends here.
    ///
    /// # Errors
    /// [`Violation::Utf8`] if a character is not complete.
    pub(crate) fn finish(self) -> Result<(), Violation> {
        if self.length == 0 { Ok(()) } else { Err(Violation::Utf8) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of bytes that are taken before one is refused, or `None` if all are taken and the end too.
    fn refused_at(bytes: &[u8]) -> Option<usize> {
        let mut utf8 = Utf8::default();
        for (at, byte) in bytes.iter().enumerate() {
            if utf8.feed(&[*byte]).is_err() {
                return Some(at);
            }
        }
        utf8.finish().is_err().then_some(bytes.len())
    }

    #[test]
    fn text_is_taken_wherever_it_is_split() {
        let text = "aä€𝄞\u{10ffff}\0z".as_bytes();
        assert_eq!(refused_at(text), None);
        for split in 0..=text.len() {
            let mut utf8 = Utf8::default();
            utf8.feed(&text[..split]).unwrap();
            utf8.feed(&text[split..]).unwrap();
            utf8.finish().unwrap();
        }
    }

    #[test]
    fn the_first_wrong_byte_is_refused() {
        for (bytes, at) in [
            (&b"\x80"[..], 0),
            (b"a\xc0\xaf", 1),
            (b"\xc1\xbf", 0),
            (b"\xe0\x9f\xbf", 1),
            (b"\xed\xa0\x80", 1),
            (b"\xf0\x8f\xbf\xbf", 1),
            (b"\xf4\x90\x80\x80", 1),
            (b"\xf5", 0),
            (b"\xff", 0),
            (b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80edited", 12),
            (b"\xe2\x82a", 2),
            // Not wrong yet, but there comes no more.
            (b"\xc3", 1),
            (b"\xf0\x9d\x84", 3),
        ] {
            assert_eq!(refused_at(bytes), Some(at), "{bytes:02x?}");
            let mut whole = Utf8::default();
            assert!(whole.feed(bytes).and_then(|()| whole.finish()).is_err(), "{bytes:02x?}");
        }
    }
}
