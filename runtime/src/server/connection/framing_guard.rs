//! What hyper would put up with, and another server may understand differently: where a request ends.
//!
//! Two servers in a row that do not agree on that let a client hide a request in the body of another (request smuggling). hyper
//! takes what RFC 9112 allows a recipient to take: a lone LF for a line's end (section 2.2), a length beside a coding (6.3), a
//! length twice, anything in a chunk's extension (7.1.1); and it cuts a fragment off a target, which no target has (3.2). Here
//! the bytes of HTTP/1.1 are followed on their way to hyper, and such a one is spoiled: a NUL or a line break takes its place, at which
//! hyper refuses the request, answers 400, and closes. So nothing hangs on what is understood here but refusals.

use memchr::memchr;

/// How much of a line that arrives in pieces is kept: more than any that matters needs.
const KEPT: usize = 64;

/// Follows one connection.
#[derive(Debug)]
pub(super) struct FramingGuard {
    place: Place,
    /// The start of a line of which only a part is there; `last` is its last byte, and `cut` says that more was left away.
    line: Vec<u8>,
    last: u8,
    cut: bool,
    head: Head,
    /// Whether anything came behind a request for an upgrade.
    beyond: bool,
}

/// What the head of the present request says of its end.
#[derive(Debug, Clone, Copy, Default)]
struct Head {
    length: Option<u64>,
    chunked: bool,
    upgrade: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    RequestLine,
    Field,
    ChunkSize,
    Trailer,
    /// Bytes that may be anything, and what comes then.
    Bytes(u64, Next),
    /// Behind a request that may turn the connection into something else.
    Upgrade,
    /// Nothing that follows is looked at, by anybody.
    Spoiled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Request,
    Chunk,
}

impl FramingGuard {
    pub(super) const fn new() -> Self {
        Self {
            place: Place::RequestLine,
            line: Vec::new(),
            last: 0,
            cut: false,
            head: Head { length: None, chunked: false, upgrade: false },
            beyond: false,
        }
    }

    /// Looks at what has arrived, and spoils what must not be understood.
    pub(super) fn pass(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            match self.place {
                Place::Bytes(left, next) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - at);
                    at += here;
                    self.place = match (left - here as u64, next) {
                        (0, Next::Request) => self.request_ends(),
                        (0, Next::Chunk) => Place::ChunkSize,
                        (left, next) => Place::Bytes(left, next),
                    };
                }
                Place::Upgrade => {
                    self.beyond = true;
                    return;
                }
                Place::Spoiled => return,
                place => at = self.part_of_line(place, bytes, at),
            }
        }
    }

    /// Whether the last request asked for an upgrade, so that what follows may be anything.
    pub(super) fn waits(&self) -> bool {
        self.place == Place::Upgrade
    }

    /// Whether something came behind such a request, which is not looked at: the next request, if there is no upgrade.
    pub(super) fn is_beyond(&self) -> bool {
        self.beyond
    }

    /// There was no upgrade: what follows is a request.
    pub(super) fn resume(&mut self) {
        self.place = Place::RequestLine;
    }

    /// Takes a line, or what there is of one, and tells where it ends.
    fn part_of_line(&mut self, place: Place, bytes: &mut [u8], from: usize) -> usize {
        let break_at = memchr(b'\n', &bytes[from..]).map(|at| from + at);
        let end = break_at.unwrap_or(bytes.len());
        let piece = &bytes[from..end];
        let bad = match place {
            Place::RequestLine => memchr(b'#', piece),
            // A return is looked at by hyper.
            Place::ChunkSize => {
                piece.iter().position(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r'))
            }
            _ => None,
        };
        if let Some(bad) = bad {
            // hyper looks for nothing but line breaks in extensions.
            bytes[from + bad] = if place == Place::ChunkSize { b'\n' } else { 0 };
            self.place = Place::Spoiled;
            return bytes.len();
        }
        let Some(break_at) = break_at else {
            self.keep(piece);
            return end;
        };
        let returns = piece.last().copied().unwrap_or(self.last) == b'\r';
        let next = if !returns {
            None
        } else if self.line.is_empty() && self.last == 0 {
            self.line_ends(place, piece)
        } else {
            self.keep(piece);
            let line = std::mem::take(&mut self.line);
            let next = self.line_ends(place, &line);
            (self.last, self.cut) = (0, false);
            next
        };
        if next.is_none() {
            bytes[break_at] = 0;
        }
        self.place = next.unwrap_or(Place::Spoiled);
        break_at + 1
    }

    fn keep(&mut self, piece: &[u8]) {
        let Some(last) = piece.last() else { return };
        self.last = *last;
        let room = KEPT - self.line.len();
        self.cut |= piece.len() > room;
        self.line.extend_from_slice(&piece[..piece.len().min(room)]);
    }

    /// What follows a line, the return at whose end may be there or left away; `None` where it must not be understood.
    fn line_ends(&mut self, place: Place, line: &[u8]) -> Option<Place> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Some(match place {
            // Empty lines before a request are passed over (RFC 9112 section 2.2).
            Place::RequestLine if line.is_empty() => Place::RequestLine,
            Place::RequestLine => {
                self.head = Head::default();
                Place::Field
            }
            Place::Field if line.is_empty() => self.head_ends()?,
            Place::Field => {
                self.field(line)?;
                Place::Field
            }
            Place::ChunkSize => chunk_begins(line)?,
            Place::Trailer if line.is_empty() => self.request_ends(),
            place => place,
        })
    }

    fn field(&mut self, line: &[u8]) -> Option<()> {
        // Nearly every field is told by its first letter to be another one.
        match line[0] | 0x20 {
            b'c' if is_named(line, b"content-length") => {
                let value = line[b"content-length:".len()..].trim_ascii();
                // In pieces, a longer line would be known in part only.
                let value = std::str::from_utf8(value).ok().filter(|_| line.len() < KEPT && !self.cut)?;
                let length = value.parse().ok()?;
                // Whether it is well-formed is for hyper to say; that it is there twice is not.
                self.head.length.replace(length).is_none().then_some(())
            }
            b't' if is_named(line, b"transfer-encoding") => {
                self.head.chunked = true;
                Some(())
            }
            b'u' if is_named(line, b"upgrade") => {
                self.head.upgrade = true;
                Some(())
            }
            _ => Some(()),
        }
    }

    fn head_ends(&self) -> Option<Place> {
        match (self.head.length, self.head.chunked) {
            (Some(_), true) => None,
            (None, true) => Some(Place::ChunkSize),
            (None | Some(0), false) => Some(self.request_ends()),
            (Some(length), false) => Some(Place::Bytes(length, Next::Request)),
        }
    }

    fn request_ends(&self) -> Place {
        if self.head.upgrade { Place::Upgrade } else { Place::RequestLine }
    }
}

/// A chunk has its bytes and a line's end; the last one has trailers, and none of its own.
fn chunk_begins(line: &[u8]) -> Option<Place> {
    let digits = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
    // What is no number, or too large a one, is refused by hyper.
    let size = u64::from_str_radix(std::str::from_utf8(&line[..digits]).ok()?, 16).unwrap_or(0);
    Some(if size == 0 { Place::Trailer } else { Place::Bytes(size.saturating_add(2), Next::Chunk) })
}

/// Whether a field has this name.
fn is_named(line: &[u8], name: &[u8]) -> bool {
    line.get(name.len()) == Some(&b':') && line[..name.len()].eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What hyper gets to see of these bytes, cut into pieces of this size.
    fn passed(bytes: &[u8], size: usize) -> Vec<u8> {
        let mut guard = FramingGuard::new();
        let mut bytes = bytes.to_vec();
        bytes.chunks_mut(size).for_each(|piece| guard.pass(piece));
        bytes
    }

    const FINE: &[&str] = &[
        "\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\nGET /2 HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\na\n#\n\nPUT / HTTP/1.1\r\n",
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5\r\na\n#\n\n\r\nA;x=\"y\tz\"\r\n\n\n\n\n\n\n\n\n\n\n\r\n0\r\nx: y\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length:0\r\nupgrade-insecure-requests: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        // What follows an upgrade may be anything.
        "GET / HTTP/1.1\r\nupgrade: websocket\r\n\r\n\n\n#\n",
        "GET / HTTP/1.1\r\nx-long: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n\r\n",
    ];

    /// Each with the byte that is spoiled, marked by the character `@`.
    const BAD: &[(&str, u8)] = &[
        ("GET /@ HTTP/1.1\r\nhost: a\r\n\r\n", b'#'),
        ("GET / HTTP/1.1@host: a\r\n\r\n", b'\n'),
        ("GET / HTTP/1.1\r\nhost: a@\r\n", b'\n'),
        ("GET / HTTP/1.1\r\nhost: a\r\n@", b'\n'),
        ("POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r@0\r\n\r\n", b'\n'),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r@0\r\n\r\n", b'\n'),
        ("POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 1\r@\r\nx", b'\n'),
        ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1;a@b\r\nx\r\n0\r\n\r\n", b'\0'),
        ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\na: b@\r\n", b'\n'),
        ("POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n\n\nGET /@ HTTP/1.1\r\n\r\n", b'#'),
    ];

    #[test]
    fn what_is_well_formed_passes_however_it_is_cut() {
        for fine in FINE {
            for size in 1..=fine.len() {
                assert_eq!(passed(fine.as_bytes(), size), fine.as_bytes(), "{fine:?} by {size}");
            }
        }
    }

    #[test]
    fn one_byte_of_what_is_not_is_spoiled_however_it_is_cut() {
        for (bad, byte) in BAD {
            let place = bad.find('@').unwrap();
            let mut bytes = bad.as_bytes().to_vec();
            bytes[place] = *byte;
            for size in 1..=bad.len() {
                let passed = passed(&bytes, size);
                let spoiled: Vec<_> = (0..bytes.len()).filter(|at| passed[*at] != bytes[*at]).collect();
                assert_eq!(spoiled, [place], "{bad:?} by {size}");
            }
        }
    }

    #[test]
    fn a_request_that_follows_a_refused_upgrade_is_looked_at_again() {
        let mut guard = FramingGuard::new();
        guard.pass(&mut b"GET / HTTP/1.1\r\nupgrade: x\r\n\r\n".to_vec());
        assert!(guard.waits() && !guard.is_beyond());
        guard.resume();
        let mut next = b"GET /# HTTP/1.1\r\n".to_vec();
        guard.pass(&mut next);
        assert_eq!(next, b"GET /\0 HTTP/1.1\r\n");
        let mut guard = FramingGuard::new();
        guard.pass(&mut b"GET / HTTP/1.1\r\nupgrade: x\r\n\r\nGET /".to_vec());
        assert!(guard.waits() && guard.is_beyond());
    }

    proptest! {
        #[test]
        fn bytes_that_are_anything_are_taken_the_same_however_they_are_cut(
            bytes in proptest::collection::vec(prop_oneof![
                Just(b'\r'), Just(b'\n'), Just(b'#'), Just(b':'), Just(b'5'), Just(0_u8), any::<u8>()
            ], 0..200),
            head in prop_oneof![
                Just(""), Just("POST / HTTP/1.1\r\n"), Just("P / HTTP/1.1\r\ntransfer-encoding: x\r\n\r\n")
            ],
            size in 1_usize..50,
        ) {
            let whole = [head.as_bytes(), &bytes].concat();
            prop_assert_eq!(passed(&whole, whole.len().max(1)), passed(&whole, size));
        }
    }
}
