//! Why a server did not start, or did not go on.

use std::error::Error;
use std::path::PathBuf;
use std::{fmt, io};

/// Why a [`Server`](super::Server) did not start, or ended before it was told to. One line, which names the cause.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServerError {
    /// The text of an address could not be read, or its host has no address.
    Address {
        /// The address as it was given.
        address: String,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The address could not be opened: it is in use, not of this machine, or not allowed to this user.
    Listen {
        /// The address as it was given.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// The address for health could not be opened.
    Health {
        /// The address as it was given.
        address: String,
        /// What is wrong with it, or what the system said.
        source: io::Error,
    },
    /// The pid file is that of a process that runs.
    Running {
        /// The file.
        path: PathBuf,
        /// The number in it.
        process: u32,
    },
    /// The pid file could not be written.
    PidFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no such user or group, or this process may not become it.
    Identity {
        /// Who it should be.
        who: String,
        /// Why it is not.
        what: String,
    },
    /// The file of the access log could not be opened.
    AccessLog {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The certificate or its key cannot be used.
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// No worker process came to serve.
    Worker {
        /// What became of the first one.
        what: String,
    },
    /// The system gave no thread, no event queue or no signal handler.
    System {
        /// What was wanted of it.
        wanted: &'static str,
        /// What it said.
        source: io::Error,
    },
    /// An event loop panicked, which is a fault of the server itself: what a handler panics with ends its connection only.
    Loop {
        /// Which one, counted from 0.
        index: usize,
    },
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { address, source } => {
                write!(f, "`{address}` is no address to listen at: {source}")
            }
            Self::Listen { address, source } => match source.kind() {
                io::ErrorKind::AddrInUse => {
                    write!(
                        f,
                        "cannot listen at {address}: another program, or another copy of this one, already does"
                    )
                }
                io::ErrorKind::AddrNotAvailable => {
                    write!(f, "cannot listen at {address}: this machine does not have that address")
                }
                io::ErrorKind::PermissionDenied => {
                    write!(f, "cannot listen at {address}: not permitted (ports below 1024 need a privilege)")
                }
                _ => write!(f, "cannot listen at {address}: {source}"),
            },
            Self::Health { address, source } => {
                write!(f, "health cannot be told at {address}: {source}")
            }
            Self::Running { path, process } => {
                write!(f, "already running: process {process} has the pid file {}", path.display())
            }
            Self::PidFile { path, source } => {
                write!(f, "the pid file {} cannot be written: {source}", path.display())
            }
            Self::Identity { who, what } => write!(f, "this process cannot be {who}: {what}"),
            Self::AccessLog { path, source } => {
                write!(f, "the access log {} cannot be written: {source}", path.display())
            }
            Self::Tls { path, what } => write!(f, "TLS cannot be spoken with {}: {what}", path.display()),
            Self::Worker { what } => write!(f, "not started: {what}"),
            Self::System { wanted, source } => write!(f, "the system did not give {wanted}: {source}"),
            Self::Loop { index } => write!(f, "event loop {index} ended by a panic"),
        }
    }
}

/// Without a source: the line says what the system said, and a chain of causes would say it again.
impl Error for ServerError {}
