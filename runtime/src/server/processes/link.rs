//! What binds a process to the one that started it.

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt;

use super::handover;
use super::worker::Supervision;
use crate::server::ServerConfig;
use crate::server::listener::Listener;
use crate::server::probes::{Question, Reply};

/// The variable that says in which role a process was started, and by which one. Not in the manner of a setting's name, so
/// that it is not taken for one.
pub(super) const ROLE: &str = "_AIOPYRAMID_ROLE";

/// What a process was started for by another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Role {
    /// To serve, and to be looked after.
    Worker,
    /// To take the other one's place.
    Successor,
}

impl Role {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Successor => "successor",
        }
    }

    /// What this process was started for; `None` where no server has started it.
    pub(in crate::server) fn of_process() -> Option<Self> {
        // Found out before anything takes the standard input away.
        static FOUND: OnceLock<Option<Role>> = OnceLock::new();
        *FOUND.get_or_init(|| env::var(ROLE).ok().and_then(|text| read_role(&text)))
    }
}

/// A process's end of the pair that it shares with the one that started it.
#[derive(Debug)]
pub(in crate::server) struct Link {
    pub(super) role: Role,
    pub(super) stream: UnixStream,
    /// What a worker has to do with a supervisor.
    pub(in crate::server) supervision: Option<Supervision>,
}

impl Link {
    /// The one of this process, if it was started for a role. There is one, so only who asks first gets it.
    ///
    /// # Errors
    /// What the system says.
    pub(in crate::server) fn of_process() -> io::Result<Option<Self>> {
        static TAKEN: AtomicBool = AtomicBool::new(false);
        let Some(role) = Role::of_process() else { return Ok(None) };
        if TAKEN.swap(true, Ordering::Relaxed) {
            return Ok(None);
        }
        let stream = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        // Nothing that this process starts may hold the pair open.
        rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
        Ok(Some(Self { role, stream, supervision: None }))
    }

    pub(in crate::server) const fn role(&self) -> Role {
        self.role
    }

    /// Receives the listening sockets.
    ///
    /// # Errors
    /// Where the other process is gone, or hands over something else.
    pub(in crate::server) fn receive(&self) -> io::Result<Vec<Listener>> {
        let (text, sockets) = handover::receive(&self.stream)?;
        let entries: Vec<Entry> = serde_json::from_str(&text)?;
        if entries.len() != sockets.len() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let pairs = entries.into_iter().zip(sockets);
        pairs.map(|(entry, socket)| Listener::received(entry, socket)).collect()
    }
}

/// The process whose place this one is to take.
#[derive(Debug)]
pub(super) struct Elder {
    /// It can be written to from the first moment, which a stream of the event loop cannot.
    write: UnixStream,
    read: tokio::net::UnixStream,
}

impl Elder {
    /// The other end of `link`.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn of(link: Link) -> io::Result<Self> {
        link.stream.set_nonblocking(true)?;
        let write = link.stream.try_clone()?;
        Ok(Self { write, read: tokio::net::UnixStream::from_std(link.stream)? })
    }

    /// Says something to it. One that is gone hears nothing.
    pub(super) fn say(&self, report: &Report) {
        let _ = (&self.write).write_all(line(report).as_bytes());
    }

    /// Waits until it is gone.
    pub(super) async fn gone(&mut self) {
        let mut room = [0; 64];
        while self.read.read(&mut room).await.is_ok_and(|read| read > 0) {}
    }
}

/// A worker is that of the process which started it: what it starts itself has the variable too.
fn read_role(text: &str) -> Option<Role> {
    let (role, starter) = text.split_once(':')?;
    let starter: i32 = starter.parse().ok()?;
    let role = [Role::Worker, Role::Successor].into_iter().find(|known| known.name() == role);
    role.filter(|_| is_child_of(starter) || is_linked_to(starter))
}

fn is_child_of(process: i32) -> bool {
    rustix::process::getppid().is_some_and(|parent| parent.as_raw_nonzero().get() == process)
}

/// Whether that process has made the pair of which this one has an end. A process that was started, and whose starter was killed
/// in the next moment, is nobody's child; it must not take itself for one that was started by hand, and serve for ever.
#[cfg(target_os = "linux")]
fn is_linked_to(process: i32) -> bool {
    let maker = rustix::net::sockopt::socket_peercred(io::stdin());
    maker.is_ok_and(|maker| maker.pid.as_raw_nonzero().get() == process)
}

#[cfg(not(target_os = "linux"))]
fn is_linked_to(_: i32) -> bool {
    false
}

/// Hands `listeners` over to a process that was started with the other end of `stream`.
///
/// # Errors
/// What the system says.
pub(super) fn hand_over(stream: &UnixStream, listeners: &[Listener]) -> io::Result<()> {
    let entries: Vec<Entry> = listeners.iter().map(Listener::entry).collect();
    let sockets: Vec<_> = listeners.iter().map(AsFd::as_fd).collect();
    handover::send(stream, &serde_json::to_string(&entries)?, &sockets)
}

/// What is said of a listening socket that is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::server) struct Entry {
    /// The entry of the configuration that it comes from.
    pub(in crate::server) text: String,
    /// What is spoken there.
    pub(in crate::server) speaks: String,
    /// The file of a unix socket that has to be removed in the end.
    pub(in crate::server) file: Option<PathBuf>,
}

/// What a worker has read in its settings and its master obeys, which may have read others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Orders {
    pub(super) listen: Vec<String>,
    pub(super) backlog: u32,
    pub(super) socket_mode: u32,
    pub(super) reuse_port: bool,
    pub(super) workers: Option<usize>,
    pub(super) worker_timeout: Duration,
    pub(super) shutdown: Duration,
    pub(super) health_listen: Vec<String>,
}

impl Orders {
    pub(super) fn of(config: &ServerConfig) -> Self {
        Self {
            listen: config.listen.clone(),
            backlog: config.backlog,
            socket_mode: config.socket_mode,
            reuse_port: config.reuse_port,
            workers: config.workers,
            worker_timeout: config.worker_timeout,
            shutdown: config.shutdown,
            health_listen: config.health_listen.clone(),
        }
    }

    pub(super) fn give_to(self, config: &mut ServerConfig) {
        config.listen = self.listen;
        config.backlog = self.backlog;
        config.socket_mode = self.socket_mode;
        config.reuse_port = self.reuse_port;
        config.workers = self.workers;
        config.worker_timeout = self.worker_timeout;
        config.shutdown = self.shutdown;
        config.health_listen = self.health_listen;
    }
}

/// What a process says to the one that started it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Report {
    /// It serves, by these settings.
    Ready(Orders),
    /// Its event loops turn, or one of several does.
    Alive,
    /// One of its event loops has not turned for too long.
    Stuck,
    /// It has answered as many requests as it should.
    Spent,
    /// The answer to the question of this number.
    Answered(u64, Reply),
    /// It is about to end, and has counted this.
    Counted(String),
    /// It has ended: requests that were finished, and those that were cut.
    Ended(usize, usize),
    /// Something that is not for the server: see [`Supervision`](super::Supervision).
    Said(String),
}

/// What a process says to a worker that it started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Command {
    /// Finish what has been accepted, and end.
    Drain,
    /// End.
    Quit,
    /// Open the logs again.
    Reopen,
    /// Something that is not for the server: see [`Supervision`](super::Supervision).
    Tell(String),
    /// Answer a question, which has this number.
    Ask(u64, Question),
}

/// A line of what is said.
pub(super) fn line(message: &impl Serialize) -> String {
    // These types always have a form in JSON.
    serde_json::to_string(message).unwrap_or_default() + "\n"
}
