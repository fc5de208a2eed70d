//! Worker processes that somebody else than a [`Master`](super::Master) looks after: who rebuilds the program as it is written.
//!
//! A master replaces what dies and ends where nothing comes to serve. In development both would be wrong: what does not start is
//! shown, and the next attempt is the next change. So this only knows how a worker is started, heard, told and ended; when, the
//! supervisor decides.

use std::fmt;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::link::{Command, Orders, Report, Role};
use super::member::{Member, News, ending};
use super::program::Program;
use crate::server::listener::{Listener, SocketFile};
use crate::server::loops::Loops;
use crate::server::pid_file::PidFile;
use crate::server::tls::Tls;
use crate::server::{MakeConnectionService, ServerConfig, ServerError, ServerHandle};

/// How long what serves in place of the workers may take for what it has begun.
const FAREWELL: Duration = Duration::from_secs(2);

/// The sockets, and what is needed to start workers that serve them.
pub(crate) struct Supervised {
    pub(in crate::server) config: ServerConfig,
    pub(in crate::server) listeners: Vec<Listener>,
    pub(in crate::server) pid_file: Option<PidFile>,
    pub(in crate::server) tls: Option<Tls>,
    program: Program,
    news: UnboundedSender<News>,
    heard: UnboundedReceiver<News>,
}

/// What is heard of workers, each by the number of its process.
#[derive(Debug)]
pub(crate) enum WorkerNews {
    /// It serves, by these settings.
    Serves(u32, Orders),
    /// Something that the server does not understand.
    Said(u32, String),
    /// One of its event loops has not turned for too long.
    Stuck(u32),
    /// It has ended, in these words.
    Ended(u32, String),
}

impl Supervised {
    pub(in crate::server) fn new(
        config: ServerConfig,
        listeners: Vec<Listener>,
        pid_file: Option<PidFile>,
        tls: Option<Tls>,
    ) -> Self {
        let (news, heard) = unbounded_channel();
        Self { config, listeners, pid_file, tls, program: Program::of_process(), news, heard }
    }

    /// Starts the program again, as a worker that serves these sockets, with more in its environment.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn start(&self, environment: &[(&str, String)], stderr: Stdio) -> io::Result<WorkerProcess> {
        let mut command = self.program.command(Role::Worker);
        command.envs(environment.iter().map(|(name, value)| (name, value))).stderr(stderr);
        Member::spawn(command, 0, &self.listeners, &self.news).map(WorkerProcess)
    }

    /// Waits until something is heard of a worker.
    pub(crate) async fn news(&mut self) -> WorkerNews {
        loop {
            match self.heard.recv().await {
                Some(News::Said(process, Report::Ready(orders))) => {
                    return WorkerNews::Serves(process, orders);
                }
                Some(News::Said(process, Report::Said(text))) => return WorkerNews::Said(process, text),
                Some(News::Said(process, Report::Stuck)) => return WorkerNews::Stuck(process),
                Some(News::Said(..)) => {}
                Some(News::Ended(process, status)) => return WorkerNews::Ended(process, ending(&status)),
                // The sender lives in `self`, so there will be more.
                None => return std::future::pending().await,
            }
        }
    }

    /// Takes over what a worker has read in its settings. True where they name other addresses than those that it was given:
    /// these are open then, and the next worker serves them.
    ///
    /// # Errors
    /// Where such an address does not open; everything is left as it was.
    pub(crate) fn follow(&mut self, orders: Orders) -> Result<bool, ServerError> {
        let moves = orders.listen != self.config.listen;
        let mut config = self.config.clone();
        orders.give_to(&mut config);
        if moves {
            let listeners = Listener::open_again(&self.listeners, &config)?;
            let old = std::mem::replace(&mut self.listeners, listeners);
            let kept = |file| self.listeners.iter().any(|listener| listener.file() == Some(file));
            old.iter().filter_map(Listener::file).filter(|file| !kept(file)).for_each(SocketFile::remove);
        }
        self.config = config;
        Ok(moves)
    }

    /// Serves the sockets in this process, with one event loop, until told otherwise.
    ///
    /// # Errors
    /// Where the system does not give what that needs.
    pub(crate) fn serve<M: MakeConnectionService>(
        &self,
        make: impl FnOnce(ServerHandle) -> M,
    ) -> Result<ServerHandle, ServerError> {
        let addresses = self.listeners.iter().filter_map(Listener::address).collect();
        let handle = ServerHandle::new(addresses);
        let make = make(handle.clone());
        let config = ServerConfig { loops: 1, shutdown: FAREWELL, ..self.config.clone() };
        let loops = Loops::start(&config, make, &self.listeners, self.tls.clone(), None, &handle)?;
        let told = handle.clone();
        tokio::spawn(async move { loops.ended(&told, FAREWELL).await });
        Ok(handle)
    }

    /// Where it listens, each as something that a browser opens where that can be.
    pub(crate) fn places(&self) -> Vec<String> {
        self.listeners.iter().map(ToString::to_string).collect()
    }

    /// How long a worker may take for what it has begun.
    pub(crate) const fn patience(&self) -> Duration {
        self.config.shutdown
    }

    /// Closes the sockets: nobody is listened to any more.
    pub(crate) fn close(&mut self) {
        self.listeners.iter().filter_map(Listener::file).for_each(SocketFile::remove);
        self.listeners.clear();
        drop(self.pid_file.take());
    }
}

impl fmt::Debug for Supervised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervised").field("listeners", &self.listeners).finish_non_exhaustive()
    }
}

/// One worker.
#[derive(Debug)]
pub(crate) struct WorkerProcess(Member);

impl WorkerProcess {
    /// Its number, as the system counts.
    pub(crate) const fn process(&self) -> u32 {
        self.0.process
    }

    /// Says something to it that the server does not understand.
    pub(crate) fn tell(&self, text: String) {
        self.0.tell(&Command::Tell(text));
    }

    /// Tells it to finish and end.
    pub(crate) fn drain(&mut self) {
        self.0.drain();
    }

    /// Tells it to end.
    pub(crate) fn quit(&self) {
        self.0.tell(&Command::Quit);
    }

    /// Has the system end it.
    pub(crate) fn kill(&self) {
        self.0.kill();
    }
}
