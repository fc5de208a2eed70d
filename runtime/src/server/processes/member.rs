//! One process that another one has started and looks after.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{self, Child, ExitStatus, Stdio};
use std::thread;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::link::{self, Command, Report, Role, line};
use super::program::Program;
use crate::server::listener::Listener;

/// How far a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Since when it is on its way to serve.
    Starting(Instant),
    Serving,
    /// Since when it is on its way to the end.
    Leaving(Instant),
}

/// What is heard of processes, each by its number.
#[derive(Debug)]
pub(super) enum News {
    Said(u32, Report),
    Ended(u32, io::Result<ExitStatus>),
}

/// One process that another one has started.
#[derive(Debug)]
pub(super) struct Member {
    /// Its number, as the system counts.
    pub(super) process: u32,
    /// The generation that it belongs to.
    pub(super) generation: u32,
    pub(super) phase: Phase,
    /// When it last gave a sign of life.
    pub(super) heard: Instant,
    /// Whether it is to be replaced: it has done enough, or part of it does not turn any more.
    pub(super) worn: bool,
    /// When it was told to abort.
    pub(super) aborted: Option<Instant>,
    stream: OwnedWriteHalf,
}

impl Member {
    /// Starts the program in this role, with these sockets. What it says and how it ends goes to `news`.
    ///
    /// # Errors
    /// Where the program cannot be started.
    pub(super) fn start(
        program: &Program,
        role: Role,
        generation: u32,
        listeners: &[Listener],
        news: &UnboundedSender<News>,
    ) -> io::Result<Self> {
        Self::spawn(program.command(role), generation, listeners, news)
    }

    /// The same by a command of [`Program::command`]'s, to which something has been added.
    ///
    /// # Errors
    /// Where the program cannot be started.
    pub(super) fn spawn(
        mut command: process::Command,
        generation: u32,
        listeners: &[Listener],
        news: &UnboundedSender<News>,
    ) -> io::Result<Self> {
        let (here, there) = UnixStream::pair()?;
        command.stdin(Stdio::from(OwnedFd::from(there)));
        let mut child = command.spawn()?;
        // The command holds the other end as long as it lives, and with it this process would.
        drop(command);
        let process = child.id();
        let handed = match link::hand_over(&here, listeners) {
            // It has ended already; how, is about to be heard.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            handed => handed,
        };
        let handed = handed.and_then(|()| {
            here.set_nonblocking(true)?;
            tokio::net::UnixStream::from_std(here)
        });
        let (read, stream) = match handed {
            Ok(stream) => stream.into_split(),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
        };
        let news = news.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(read).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if let Ok(report) = serde_json::from_str(&line) {
                    let _ = news.send(News::Said(process, report));
                }
            }
            // Only then, so that what it said last is heard before.
            let _ = news.send(News::Ended(process, end(child).await));
        });
        let now = Instant::now();
        let phase = Phase::Starting(now);
        Ok(Self { process, generation, phase, heard: now, worn: false, aborted: None, stream })
    }

    /// Says something to it. One that is gone hears nothing; that it is gone is noticed elsewhere.
    pub(super) fn tell(&self, command: &Command) {
        let line = line(command);
        match self.stream.try_write(line.as_bytes()) {
            // Half a line would spoil the next one too. Who has left so much unread has stood still for long.
            Ok(written) if written < line.len() => self.kill(),
            _ => {}
        }
    }

    /// Tells it to finish and end.
    pub(super) fn drain(&mut self) {
        if !self.is_leaving() {
            self.phase = Phase::Leaving(Instant::now());
            self.tell(&Command::Drain);
        }
    }

    pub(super) const fn is_leaving(&self) -> bool {
        matches!(self.phase, Phase::Leaving(_))
    }

    pub(super) fn is_serving(&self) -> bool {
        self.phase == Phase::Serving
    }

    /// Has the system end it. It has not been waited for, so its number is still its own.
    pub(super) fn abort(&mut self) {
        self.aborted = Some(Instant::now());
        self.signal(Signal::ABORT);
    }

    pub(super) fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        if let Some(process) = i32::try_from(self.process).ok().and_then(Pid::from_raw) {
            let _ = kill_process(process, signal);
        }
    }
}

/// Waits for the end of a process that is about to end, or has.
///
/// On a thread, which is there for a moment. tokio's own way would have every turn of every event loop look for processes that
/// nobody waits for, which costs each request more than all that is done here.
async fn end(mut child: Child) -> io::Result<ExitStatus> {
    let (tell, told) = oneshot::channel();
    thread::Builder::new().name("aio-wait".into()).spawn(move || tell.send(child.wait()))?;
    told.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
}

/// How a process ended, in words.
pub(super) fn ending(status: &io::Result<ExitStatus>) -> String {
    use std::os::unix::process::ExitStatusExt;
    let status = match status {
        Ok(status) => status,
        Err(error) => return format!("cannot be waited for: {error}"),
    };
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with status {code}"),
        (_, Some(9)) => "was killed by signal 9; is there enough memory?".to_owned(),
        (_, Some(signal)) => format!("was ended by signal {signal}"),
        _ => "ended".to_owned(),
    }
}
