//! HTTP/2 frame by frame, for clients that no library would be (RFC 9113, RFC 7541).

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use super::EVENTUALLY;

pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const PRIORITY: u8 = 2;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PUSH_PROMISE: u8 = 5;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const ACK: u8 = 1;
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;
pub(crate) const PADDED: u8 = 8;

pub(crate) const PROTOCOL_ERROR: u32 = 1;
pub(crate) const FLOW_CONTROL_ERROR: u32 = 3;
pub(crate) const STREAM_CLOSED: u32 = 5;
pub(crate) const FRAME_SIZE_ERROR: u32 = 6;
pub(crate) const REFUSED_STREAM: u32 = 7;
pub(crate) const ENHANCE_YOUR_CALM: u32 = 11;

/// A frame as it is on the wire.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a length").to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A field that no table keeps (RFC 7541 section 6.2.2).
pub(crate) fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0];
    for text in [name, value] {
        integer(&mut field, 7, text.len());
        field.extend(text.as_bytes());
    }
    field
}

/// A number in the last `bits` of a byte, and as many more as it takes (RFC 7541 section 5.1).
fn integer(out: &mut Vec<u8>, bits: u32, mut number: usize) {
    let most = (1 << bits) - 1;
    if number < most {
        out.push(u8::try_from(number).expect("a few bits"));
        return;
    }
    out.push(u8::try_from(most).expect("a few bits"));
    number -= most;
    while number >= 128 {
        out.push(u8::try_from(number % 128).expect("seven bits") | 128);
        number /= 128;
    }
    out.push(u8::try_from(number).expect("seven bits"));
}

/// The fields of a request, encoded.
pub(crate) fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    fields.iter().flat_map(|(name, value)| field(name, value)).collect()
}

/// Those of a plain request for a path, and these.
pub(crate) fn request(method: &str, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut all =
        vec![(":method", method), (":scheme", "http"), (":path", path), (":authority", "example.com")];
    all.extend(fields);
    block(&all)
}

/// What the server sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// The number that says what was wrong: in `RST_STREAM` the only one, in GOAWAY the second.
    pub(crate) fn code(&self) -> u32 {
        let at = if self.kind == GOAWAY { 4 } else { 0 };
        u32::from_be_bytes(self.payload[at..at + 4].try_into().expect("four bytes"))
    }
}

/// How a connection ended: with the number of a GOAWAY, or without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Told(u32),
    Silently,
}

/// One connection.
pub(crate) struct Http2(TcpStream);

impl Http2 {
    /// A connection on which nothing has been said.
    pub(crate) fn silent(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(EVENTUALLY)).expect("a time-out");
        stream.set_write_timeout(Some(EVENTUALLY)).expect("a time-out");
        stream.set_nodelay(true).expect("no delay");
        Self(stream)
    }

    /// A connection on which both sides have said how they want it. The table of the answers' fields has no room, so that each
    /// answer can be read by itself.
    pub(crate) fn open(address: SocketAddr) -> Self {
        Self::open_with(address, &[])
    }

    /// The same with these settings, too.
    pub(crate) fn open_with(address: SocketAddr, settings: &[(u16, u32)]) -> Self {
        let mut client = Self::silent(address);
        let mut payload = Vec::new();
        for (name, value) in [(1, 0)].iter().chain(settings) {
            payload.extend(u16::to_be_bytes(*name));
            payload.extend(u32::to_be_bytes(*value));
        }
        client.say(PREFACE).send(SETTINGS, 0, 0, &payload).send(SETTINGS, ACK, 0, &[]);
        let acknowledged = client.until(|frame| frame.kind == SETTINGS && frame.flags == ACK);
        acknowledged.expect("the server acknowledges the settings");
        client
    }

    /// Sends bytes. What the server does not take any more is lost: it is what comes back that counts.
    pub(crate) fn say(&mut self, bytes: &[u8]) -> &mut Self {
        let _ = self.0.write_all(bytes);
        self
    }

    /// Sends bytes and tells whether the server's side of the connection is still there.
    pub(crate) fn try_say(&mut self, bytes: &[u8]) -> bool {
        match self.0.write_all(bytes) {
            Ok(()) => true,
            Err(error) => {
                assert!(
                    !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                    "the server neither reads nor closes"
                );
                false
            }
        }
    }

    pub(crate) fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> &mut Self {
        self.say(&frame(kind, flags, stream, payload))
    }

    /// Asks without a body.
    pub(crate) fn ask(&mut self, stream: u32, path: &str, fields: &[(&str, &str)]) -> &mut Self {
        self.send(HEADERS, END_STREAM | END_HEADERS, stream, &request("GET", path, fields))
    }

    pub(crate) fn half_close(&mut self) -> &mut Self {
        let _ = self.0.shutdown(Shutdown::Write);
        self
    }

    /// The next frame; none at the end of the connection.
    pub(crate) fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.fill(&mut head)?;
        let [high, middle, low, kind, flags, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, high, middle, low]) as usize];
        self.fill(&mut payload)?;
        Some(Frame { kind, flags, stream: u32::from_be_bytes(stream) & 0x7fff_ffff, payload })
    }

    fn fill(&mut self, room: &mut [u8]) -> Option<()> {
        match self.0.read_exact(room) {
            Ok(()) => Some(()),
            Err(error) => {
                assert!(
                    !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                    "the server neither answers nor closes"
                );
                None
            }
        }
    }

    /// Reads up to a frame of which this is true.
    pub(crate) fn until(&mut self, is_it: impl Fn(&Frame) -> bool) -> Result<Frame, Ended> {
        let mut ended = Ended::Silently;
        while let Some(frame) = self.next() {
            if is_it(&frame) {
                return Ok(frame);
            }
            if frame.kind == GOAWAY && ended == Ended::Silently {
                ended = Ended::Told(frame.code());
            }
        }
        Err(ended)
    }

    /// Waits until the server has seen all that was sent; or tells how it has ended the connection.
    pub(crate) fn settle(&mut self, mark: u32) -> Result<(), Ended> {
        let mark: [u8; 8] = [&[0x5e; 4], &mark.to_be_bytes()[..]].concat().try_into().expect("eight bytes");
        self.send(PING, 0, 0, &mark);
        self.until(|frame| frame.kind == PING && frame.flags == ACK && frame.payload == mark).map(drop)
    }

    /// Waits for the end of the connection.
    pub(crate) fn end(&mut self) -> Ended {
        self.until(|_| false).expect_err("no frame is what is waited for")
    }

    /// The status of the answer on a stream.
    pub(crate) fn status(&mut self, stream: u32) -> u16 {
        let answer = self.until(|frame| frame.stream == stream && matches!(frame.kind, HEADERS | RST_STREAM));
        let answer = answer.unwrap_or_else(|ended| panic!("no answer: the connection ended {ended:?}"));
        assert_eq!(answer.kind, HEADERS, "the stream was reset: {}", answer.code());
        status_of(&answer.payload)
    }

    /// The body of the answer on a stream, read to its end.
    pub(crate) fn body(&mut self, stream: u32) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let piece = self.until(|frame| frame.stream == stream && matches!(frame.kind, DATA | RST_STREAM));
            let piece = piece.unwrap_or_else(|ended| panic!("no body: the connection ended {ended:?}"));
            assert_eq!(piece.kind, DATA, "the stream was reset: {}", piece.code());
            body.extend(&piece.payload);
            if piece.flags & END_STREAM != 0 {
                return body;
            }
        }
    }
}

/// The first field of an answer, which is its status.
pub(crate) fn status_of(block: &[u8]) -> u16 {
    const INDEXED: [u16; 7] = [200, 204, 206, 304, 400, 404, 500];
    // The table of the fields is made smaller first, if it is.
    let block = match block {
        [0x20..0x40, rest @ ..] => rest,
        block => block,
    };
    match block {
        [index @ 0x88..=0x8e, ..] => INDEXED[usize::from(index - 0x88)],
        // By the name of the eighth field, whether or not it is to be kept; the digits in Huffman's code or as they are.
        [0x08 | 0x48 | 0x18, length, rest @ ..] => {
            let text = &rest[..usize::from(length & 0x7f)];
            let digits =
                if length & 0x80 == 0 { String::from_utf8_lossy(text).into_owned() } else { unpacked(text) };
            digits.parse().expect("three digits")
        }
        block => panic!("no status: {block:02x?}"),
    }
}

/// Digits in Huffman's code (RFC 7541 appendix B): 0, 1 and 2 have five bits, the others six.
fn unpacked(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    let number = |bits: &[u8]| bits.iter().fold(0, |number, bit| number << 1 | bit);
    let (mut digits, mut at) = (String::new(), 0);
    while at + 5 <= bits.len() {
        let short = number(&bits[at..at + 5]);
        if short < 3 {
            digits.push(char::from(b'0' + short));
            at += 5;
        } else if at + 6 <= bits.len() && (0x19..=0x1f).contains(&number(&bits[at..at + 6])) {
            digits.push(char::from(b'3' + number(&bits[at..at + 6]) - 0x19));
            at += 6;
        } else {
            break;
        }
    }
    digits
}
