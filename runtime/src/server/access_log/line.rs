//! How a line is put together: what is known at first is kept as text, and joined at the end by what is known only then.

use std::cell::RefCell;
use std::io::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, REFERER, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version};
use smallvec::SmallVec;

use super::atom::Atom;
use super::format::{AccessLogFormat, Piece, Style};
use super::time;
use crate::protocol::answered_by::Names;
use crate::protocol::connection_info::ConnectionInfo;

/// The head of a request, as it was sent.
#[derive(Debug)]
pub(in crate::server) struct Head<'a> {
    /// `None` where it could not be understood.
    pub(in crate::server) line: Option<RequestLine<'a>>,
    pub(in crate::server) headers: &'a HeaderMap,
    pub(in crate::server) connection: &'a ConnectionInfo,
}

/// The first line of a head.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct RequestLine<'a> {
    pub(in crate::server) method: &'a Method,
    /// Before anything was taken off it.
    pub(in crate::server) uri: &'a Uri,
    pub(in crate::server) version: Version,
}

/// What was taken down of a request for its line. Texts and not the fields themselves, which would hold the buffer that they
/// were read into.
#[derive(Debug, Default)]
pub(in crate::server) struct Captured {
    text: Vec<u8>,
    /// Where each piece of the request's ends in `text`.
    ends: SmallVec<[u32; 12]>,
    fields: SmallVec<[Option<HeaderValue>; 1]>,
}

/// What came of a request.
#[derive(Debug)]
pub(in crate::server) struct Exchanged {
    pub(in crate::server) status: StatusCode,
    pub(in crate::server) bytes: u64,
    pub(in crate::server) duration: Duration,
    /// Whether the answer was sent to its end.
    pub(in crate::server) complete: bool,
    pub(in crate::server) names: Names,
}

thread_local! {
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Lends an empty buffer that is used again.
pub(super) fn with_room(fill: impl FnOnce(&mut Vec<u8>)) {
    ROOM.with_borrow_mut(|room| {
        room.clear();
        fill(room);
    });
}

impl AccessLogFormat {
    /// Takes down what is known of a request.
    pub(super) fn capture(&self, head: &Head<'_>) -> Captured {
        let mut captured = Captured { text: Vec::with_capacity(256), ..Captured::default() };
        let quoting = Quoting(self.style);
        for atom in self.atoms().filter(|atom| atom.is_of_request()) {
            quoting.of_request(&mut captured.text, atom, head);
            captured.ends.push(u32::try_from(captured.text.len()).unwrap_or(u32::MAX));
        }
        captured
    }

    /// Takes down the fields of an answer.
    pub(super) fn capture_answer(&self, captured: &mut Captured, headers: &HeaderMap) {
        captured.fields.clear();
        for atom in self.atoms() {
            if let Atom::ResponseField(name) = atom {
                captured.fields.push(headers.get(name).cloned());
            }
        }
    }

    /// Writes the line, with its end.
    pub(super) fn render(&self, captured: &Captured, exchanged: &Exchanged, line: &mut Vec<u8>) {
        let quoting = Quoting(self.style);
        let mut ends = captured.ends.iter().map(|end| *end as usize);
        let mut from = 0;
        let mut fields = captured.fields.iter();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => line.extend_from_slice(text.as_bytes()),
                Piece::Atom(atom) if atom.is_of_request() => {
                    let to = ends.next().unwrap_or(from);
                    line.extend_from_slice(captured.text.get(from..to).unwrap_or_default());
                    from = to;
                }
                Piece::Atom(Atom::ResponseField(_)) => {
                    let value = fields.next().and_then(Option::as_ref);
                    quoting.bytes(line, value.map(HeaderValue::as_bytes));
                }
                Piece::Atom(atom) => quoting.of_outcome(line, atom, exchanged),
            }
        }
        line.push(b'\n');
    }

    fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Atom(atom) => Some(atom),
            Piece::Text(_) => None,
        })
    }
}

/// Writes values so that nobody can make two lines of one, or another field of a part of one.
#[derive(Debug, Clone, Copy)]
struct Quoting(Style);

impl Quoting {
    fn of_request(self, line: &mut Vec<u8>, atom: &Atom, head: &Head<'_>) {
        let field = |name: &http::HeaderName| head.headers.get(name).map(HeaderValue::as_bytes);
        match atom {
            Atom::Client => match head.connection.remote {
                Some(remote) => self.plain(line, remote.ip()),
                None => self.bytes(line, None),
            },
            Atom::Identity => self.bytes(line, None),
            Atom::User => {
                let start = line.len();
                self.bytes(line, field(&AUTHORIZATION).and_then(user).as_deref());
                // It stands between blanks, in all formats that there are.
                if self.0 == Style::Text && line[start..].contains(&b' ') {
                    let written = line.split_off(start);
                    let parts: Vec<_> = written.split(|byte| *byte == b' ').collect();
                    line.extend(parts.join(&br"\x20"[..]));
                }
            }
            Atom::Time => self.around(line, time::apache),
            Atom::Timestamp => self.around(line, time::rfc3339),
            Atom::RequestLine => match head.line {
                Some(first) => self.around(line, |line| {
                    self.inner(line, first.method.as_str().as_bytes());
                    line.push(b' ');
                    self.target(line, first.uri);
                    let _ = write!(line, " {}", version(first.version));
                }),
                None => self.bytes(line, None),
            },
            Atom::Method => self.bytes(line, head.line.map(|first| first.method.as_str().as_bytes())),
            Atom::Path => self.bytes(line, head.line.map(|first| first.uri.path().as_bytes())),
            Atom::Query => {
                let query = head.line.map(|first| first.uri.query().unwrap_or_default());
                self.bytes(line, query.map(str::as_bytes));
            }
            Atom::Protocol => match head.line {
                Some(first) => self.plain(line, version(first.version)),
                None => self.bytes(line, None),
            },
            Atom::Referer => self.bytes(line, field(&REFERER)),
            Atom::UserAgent => self.bytes(line, field(&USER_AGENT)),
            Atom::Process => self.plain(line, format_args!("<{}>", std::process::id())),
            Atom::ProcessNumber => drop(write!(line, "{}", std::process::id())),
            Atom::RequestField(name) => self.bytes(line, field(name)),
            _ => debug_assert!(false, "{atom:?} is known later"),
        }
    }

    /// Numbers are written as they are, in either style.
    fn of_outcome(self, line: &mut Vec<u8>, atom: &Atom, exchanged: &Exchanged) {
        let Exchanged { status, bytes, duration, complete, names } = exchanged;
        let _ = match atom {
            Atom::Status => write!(line, "{}", status.as_u16()),
            Atom::BytesOrHyphen if *bytes == 0 => write!(line, "-"),
            Atom::Bytes | Atom::BytesOrHyphen => write!(line, "{bytes}"),
            Atom::Seconds => write!(line, "{}", duration.as_secs()),
            Atom::Milliseconds => write!(line, "{}", duration.as_millis()),
            Atom::Microseconds => write!(line, "{}", duration.as_micros()),
            Atom::DecimalSeconds => write!(line, "{}.{:06}", duration.as_secs(), duration.subsec_micros()),
            Atom::Complete => write!(line, "{complete}"),
            Atom::View => return self.bytes(line, names.view.as_deref().map(str::as_bytes)),
            Atom::Route => return self.bytes(line, names.route.as_deref().map(str::as_bytes)),
            _ => {
                debug_assert!(false, "{atom:?} is known earlier");
                Ok(())
            }
        };
    }

    /// The target of HTTP/2 is sent in parts, and put together as HTTP/1.1 sends it.
    fn target(self, line: &mut Vec<u8>, uri: &Uri) {
        match uri.path_and_query() {
            Some(target) => self.inner(line, target.as_str().as_bytes()),
            // `CONNECT host:80`
            None => self.inner(line, uri.to_string().as_bytes()),
        }
    }

    /// A value that somebody else has chosen; `None` where there is none.
    fn bytes(self, line: &mut Vec<u8>, value: Option<&[u8]>) {
        match (value, self.0) {
            (Some(value), _) => self.around(line, |line| self.inner(line, value)),
            (None, Style::Text) => line.push(b'-'),
            (None, Style::Json) => line.extend_from_slice(b"null"),
        }
    }

    /// A value in which nothing has to be escaped.
    fn plain(self, line: &mut Vec<u8>, value: impl std::fmt::Display) {
        self.around(line, |line| drop(write!(line, "{value}")));
    }

    fn around(self, line: &mut Vec<u8>, fill: impl FnOnce(&mut Vec<u8>)) {
        let quote: &[u8] = if self.0 == Style::Json { b"\"" } else { b"" };
        line.extend_from_slice(quote);
        fill(line);
        line.extend_from_slice(quote);
    }

    fn inner(self, line: &mut Vec<u8>, value: &[u8]) {
        match self.0 {
            Style::Text => escape(line, value),
            Style::Json => {
                // What is no UTF-8 has no other form in JSON.
                let text = String::from_utf8_lossy(value);
                let start = line.len();
                // Into a vector, and of a text, this cannot fail.
                let _ = serde_json::to_writer(&mut *line, &*text);
                line.remove(start);
                line.pop();
            }
        }
    }
}

/// As Apache's `ap_escape_logitem`: what could end a field or a line, or steer a terminal, is written as an escape.
fn escape(line: &mut Vec<u8>, value: &[u8]) {
    const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";
    for &byte in value {
        match byte {
            b'"' | b'\\' => line.extend([b'\\', byte]),
            b'\n' => line.extend_from_slice(br"\n"),
            b'\r' => line.extend_from_slice(br"\r"),
            b'\t' => line.extend_from_slice(br"\t"),
            b' '..=b'~' => line.push(byte),
            _ => {
                let digits = [byte >> 4, byte & 15].map(|digit| HEXADECIMAL[usize::from(digit)]);
                line.extend([b'\\', b'x', digits[0], digits[1]]);
            }
        }
    }
}

/// The name in `Basic` credentials (RFC 7617).
fn user(credentials: &[u8]) -> Option<Vec<u8>> {
    let (scheme, rest) = credentials.split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let mut decoded = STANDARD.decode(rest.trim_ascii()).ok()?;
    let end = decoded.iter().position(|byte| *byte == b':')?;
    decoded.truncate(end);
    (end > 0).then_some(decoded)
}

fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "HTTP/0.9",
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2.0",
        Version::HTTP_3 => "HTTP/3.0",
        _ => "HTTP/1.1",
    }
}
