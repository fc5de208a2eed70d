//! A line for each request that was answered, or was to be.
//!
//! An event loop puts the line together ([`line`]) by what the format says ([`format`], [`atom`]), and leaves it with the
//! [`writer`], a thread that alone knows of files: a slow disk holds up nobody else.

mod atom;
mod format;
mod line;
#[cfg(test)]
mod tests;
mod time;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

pub use self::format::{AccessLogFormat, BadAccessLogFormat};
pub(super) use self::line::{Captured, Exchanged, Head, RequestLine};

use self::writer::{Destination, Writer};
use super::ServerError;

/// Where lines go that tell of requests, and what they say.
///
/// ```
/// use aiopyramid::server::{AccessLogConfig, AccessLogDestination, ServerConfig};
///
/// let log = AccessLogConfig {
///     destination: AccessLogDestination::File("/var/log/shop/access.log".into()),
///     format: "%(h)s %(t)s \"%(r)s\" %(s)s %(b)s %(view)s".parse()?,
/// };
/// let config = ServerConfig::default().access_log(log);
/// # Ok::<(), aiopyramid::server::BadAccessLogFormat>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLogConfig {
    /// Where they go.
    pub destination: AccessLogDestination,
    /// What they say. Default: [`AccessLogFormat::combined`].
    pub format: AccessLogFormat,
}

/// Where the lines of an access log go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessLogDestination {
    /// To standard output.
    Stdout,
    /// To the end of a file, which the signal `USR1` opens again by its name. Several processes may write to one file: each
    /// writes whole lines.
    File(PathBuf),
}

impl AccessLogConfig {
    /// In the combined format.
    pub fn new(destination: AccessLogDestination) -> Self {
        Self { destination, format: AccessLogFormat::combined() }
    }
}

/// An access log that is open. A clone is the same one.
#[derive(Debug, Clone)]
pub(super) struct AccessLog {
    format: Arc<AccessLogFormat>,
    writer: Arc<Writer>,
}

impl AccessLog {
    /// Opens it. Lines wait until [`start`](Self::start).
    ///
    /// # Errors
    /// [`ServerError::AccessLog`] where the file does not open.
    pub(super) fn open(config: &AccessLogConfig) -> Result<Self, ServerError> {
        let destination = Destination::open(&config.destination)?;
        Ok(Self { format: Arc::new(config.format.clone()), writer: Arc::new(Writer::new(destination)) })
    }

    /// Starts the thread that writes.
    ///
    /// # Errors
    /// Where the system has no thread.
    pub(super) fn start(&self) -> Result<(), ServerError> {
        let started = Writer::start(&self.writer);
        started.map_err(|source| ServerError::System { wanted: "a thread for the access log", source })
    }

    /// Takes down what a line needs of a request.
    pub(super) fn capture(&self, head: &Head<'_>) -> Captured {
        self.format.capture(head)
    }

    /// The fields of an answer that a line needs.
    pub(super) fn capture_answer(&self, captured: &mut Captured, headers: &http::HeaderMap) {
        self.format.capture_answer(captured, headers);
    }

    /// Leaves a line with the thread that writes.
    pub(super) fn write(&self, captured: &Captured, exchanged: &Exchanged) {
        line::with_room(|line| {
            self.format.render(captured, exchanged, line);
            self.writer.push(line);
        });
    }

    /// Opens the file again by its name, after what waits has been written to the old one.
    pub(super) fn reopen(&self) {
        self.writer.reopen();
    }

    /// Has everything written that waits, within a limit of time: a disk that hangs must not keep a server from ending.
    pub(super) fn close(&self) {
        self.writer.close();
    }
}
