//! A client that says exactly what it is told to.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
#[cfg(unix)]
use std::path::Path;

use super::EVENTUALLY;

/// One connection.
pub(crate) struct Client(BufReader<Stream>);

enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Read for Stream {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(room),
            #[cfg(unix)]
            Self::Unix(stream) => stream.read(room),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(bytes),
            #[cfg(unix)]
            Self::Unix(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(EVENTUALLY)).expect("a time-out");
        stream.set_write_timeout(Some(EVENTUALLY)).expect("a time-out");
        stream.set_nodelay(true).expect("no delay");
        Self(BufReader::new(Stream::Tcp(stream)))
    }

    /// To a unix socket.
    #[cfg(unix)]
    pub(crate) fn connect_unix(path: &Path) -> Self {
        let stream = UnixStream::connect(path).expect("a connection");
        stream.set_read_timeout(Some(EVENTUALLY)).expect("a time-out");
        stream.set_write_timeout(Some(EVENTUALLY)).expect("a time-out");
        Self(BufReader::new(Stream::Unix(stream)))
    }

    /// Sends these bytes and no others.
    pub(crate) fn say(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.get_mut().write_all(bytes.as_ref()).expect("the server takes what is sent");
        self
    }

    /// Sends a request whose head has these further lines, without waiting for the answer.
    pub(crate) fn ask(&mut self, method: &str, target: &str, fields: &[&str], body: &[u8]) -> &mut Self {
        let mut head = format!("{method} {target} HTTP/1.1\r\nhost: example.com\r\n");
        if !body.is_empty() {
            let _ = write!(head, "content-length: {}\r\n", body.len());
        }
        for field in fields {
            let _ = write!(head, "{field}\r\n");
        }
        head.push_str("\r\n");
        self.say(head).say(body)
    }

    pub(crate) fn get(&mut self, target: &str) -> Reply {
        self.ask("GET", target, &[], b"").reply()
    }

    pub(crate) fn post(&mut self, target: &str, content_type: &str, body: &[u8]) -> Reply {
        self.ask("POST", target, &[&format!("content-type: {content_type}")], body).reply()
    }

    /// Closes the sending side.
    pub(crate) fn half_close(&mut self) -> &mut Self {
        let closed = match self.0.get_ref() {
            Stream::Tcp(stream) => stream.shutdown(Shutdown::Write),
            #[cfg(unix)]
            Stream::Unix(stream) => stream.shutdown(Shutdown::Write),
        };
        closed.expect("a connection that is open");
        self
    }

    /// Reads the head of a response.
    pub(crate) fn head(&mut self) -> Reply {
        let mut lines = Vec::new();
        loop {
            let line = self.line();
            assert!(line.ends_with('\n'), "the connection ended after {lines:?}");
            let line = line.trim_end().to_owned();
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let status = lines[0].split(' ').nth(1).and_then(|status| status.parse().ok());
        Reply { status: status.unwrap_or_else(|| panic!("no status: {lines:?}")), lines, body: Vec::new() }
    }

    /// Reads a response to its end.
    pub(crate) fn reply(&mut self) -> Reply {
        let mut reply = self.head();
        if reply.field("transfer-encoding") == Some("chunked") {
            while let Some(chunk) = self.chunk() {
                reply.body.extend(chunk);
            }
        } else if let Some(length) = reply.field("content-length") {
            reply.body.resize(length.parse().expect("a number"), 0);
            self.0.read_exact(&mut reply.body).expect("as many bytes as were promised");
        }
        reply
    }

    /// Reads one piece of a chunked body; `None` at its end.
    pub(crate) fn chunk(&mut self) -> Option<Vec<u8>> {
        let length = usize::from_str_radix(self.line().trim_end(), 16).expect("the length of a chunk");
        let mut chunk = vec![0; length + 2];
        self.0.read_exact(&mut chunk).expect("as many bytes as were promised");
        chunk.truncate(length);
        (length > 0).then_some(chunk)
    }

    /// Reads to the end of the stream. A reset is an end too.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Err(error) if error.kind() != ErrorKind::ConnectionReset => {
                panic!("the connection did not end: {error}")
            }
            _ => String::from_utf8_lossy(&rest).into_owned(),
        }
    }

    /// Reads so many bytes, whatever they are.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes).expect("as many bytes as are waited for");
        bytes
    }

    /// Reads a line, its end included; nothing at the end of the stream.
    pub(crate) fn take_line(&mut self) -> Vec<u8> {
        self.line().into_bytes()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line");
        line
    }
}

/// One response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) lines: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The value of the first field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.lines
            .iter()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}
