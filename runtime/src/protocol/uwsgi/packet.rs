//! The packet: its header, and the variables in its block.

use http::StatusCode;

use super::{Refusal, bad};

/// How many bytes stand before the block.
pub(crate) const HEADER: usize = 4;

/// How long the block is that follows `header`, in bytes.
///
/// # Errors
/// Where the packet is no request. The only modifier of requests is 0, which stands for Python's WSGI and is what both servers
/// in front send unless they are told otherwise.
pub(crate) fn block_length(header: [u8; HEADER]) -> Result<usize, Refusal> {
    let [modifier, low, high, second] = header;
    match (modifier, second) {
        (0, 0) => Ok(usize::from(u16::from_le_bytes([low, high]))),
        // The first letters of methods, and of a TLS handshake: somebody speaks another protocol.
        (b'A'..=b'Z' | 0x16, _) => Err(bad("This port speaks the uwsgi protocol, not HTTP.\n")),
        _ => Err(Refusal {
            status: StatusCode::NOT_IMPLEMENTED,
            text: "The only packets of uwsgi that this server knows are requests, modifier 0.\n",
        }),
    }
}

/// The variables of a block, in the order in which they stand there.
#[derive(Debug)]
pub(super) struct Variables<'a> {
    rest: &'a [u8],
}

impl<'a> Variables<'a> {
    pub(super) const fn of(block: &'a [u8]) -> Self {
        Self { rest: block }
    }

    /// Takes a text with its length before it.
    fn take(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.rest.split_first_chunk()?;
        let (text, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        self.rest = rest;
        Some(text)
    }
}

/// A variable: its name, and its value.
pub(super) type Variable<'a> = (&'a [u8], &'a [u8]);

impl<'a> Iterator for Variables<'a> {
    type Item = Result<Variable<'a>, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let variable = match (self.take(), self.take()) {
            (Some([]), _) => Err(bad("A variable of the packet has no name.\n")),
            (Some(name), Some(value)) => return Some(Ok((name, value))),
            _ => Err(bad("A variable of the packet runs over its end.\n")),
        };
        // Where the next one would begin is not known.
        self.rest = &[];
        Some(variable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(block: &[u8]) -> Result<Vec<Variable<'_>>, Refusal> {
        Variables::of(block).collect()
    }

    #[test]
    fn the_length_is_little_endian() {
        assert_eq!(block_length([0, 0x9b, 0x01, 0]), Ok(411));
        assert_eq!(block_length([0, 0xff, 0xff, 0]), Ok(65535));
    }

    #[test]
    fn other_packets_are_refused() {
        assert_eq!(block_length([5, 0, 0, 0]).unwrap_err().status, StatusCode::NOT_IMPLEMENTED);
        assert_eq!(block_length([0, 0, 0, 1]).unwrap_err().status, StatusCode::NOT_IMPLEMENTED);
        assert!(block_length(*b"GET ").unwrap_err().text.contains("not HTTP"));
    }

    #[test]
    fn variables_are_read_in_their_order() {
        assert_eq!(read(b""), Ok(vec![]));
        assert_eq!(
            read(b"\x01\x00A\x02\x00xy\x02\x00BC\x00\x00"),
            Ok(vec![(&b"A"[..], &b"xy"[..]), (b"BC", b"")])
        );
    }

    #[test]
    fn what_runs_over_the_end_is_refused() {
        for block in
            [&b"\x01"[..], b"\x01\x00", b"\x02\x00A", b"\x01\x00A", b"\x01\x00A\x01", b"\x01\x00A\x02\x00x"]
        {
            assert!(read(block).unwrap_err().text.contains("over its end"), "{block:?}");
        }
        assert!(read(b"\x00\x00\x01\x00x").unwrap_err().text.contains("no name"));
    }
}
