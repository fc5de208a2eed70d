//! One event loop: accepts, serves, and ends without losing what it accepted.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::connection::{self, Protocols};
use super::listener::{Acceptor, Listener, Speaks};
use super::metrics::Metrics;
use super::roster::Roster;
use super::shutdown::{ShutdownReport, Stage};
use super::socket::Socket;
use super::{MakeConnectionService, TrustedPeers};
use crate::protocol::connection_info::ConnectionInfo;

/// Connections that a loop accepts before it serves those that it has.
const AT_ONCE: usize = 4;

/// How long a loop that is ahead of the others leaves the next connection to them. No longer, as they may be busy.
const COURTESY: Duration = Duration::from_millis(1);

/// How long a loop waits when the system has no descriptor or memory for another connection.
const SHORTAGE: Duration = Duration::from_millis(100);

/// How often it is looked how late a loop is.
const LOOK: Duration = Duration::from_millis(500);

/// In this time, one line at the most tells of one kind of trouble.
const QUIET: Duration = Duration::from_mins(1);

/// What one event loop runs.
pub(super) struct Worker<M> {
    pub(super) make: M,
    pub(super) protocols: Arc<Protocols>,
    pub(super) roster: Arc<Roster>,
    /// One place for each connection that all loops together may have.
    pub(super) places: Arc<Semaphore>,
    pub(super) stage: watch::Receiver<Stage>,
    /// Who may speak uwsgi.
    pub(super) uwsgi_allow_from: Arc<TrustedPeers>,
    /// The limit of a graceful stop.
    pub(super) patience: Duration,
}

impl<M: MakeConnectionService> Worker<M> {
    /// Runs the loop on this thread until the server is stopped.
    ///
    /// # Errors
    /// Where the system gives no event queue, or does not take the listeners into it.
    pub(super) fn run(self, listeners: Vec<Listener>) -> io::Result<ShutdownReport> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let report = runtime.block_on(self.serve(listeners));
        // Whatever runs on the threads for blocking work must not hold up the end.
        runtime.shutdown_background();
        report
    }

    async fn serve(self, listeners: Vec<Listener>) -> io::Result<ShutdownReport> {
        let worker = Arc::new(self);
        let roster = Arc::clone(&worker.roster);
        tokio::spawn({
            let roster = Arc::clone(&roster);
            async move { roster.sweep().await }
        });
        if let Some(metrics) = roster.recorder.as_ref().and_then(|recorder| recorder.metrics()) {
            tokio::spawn(look_at_lag(Arc::clone(metrics)));
        }
        let mut accepting = JoinSet::new();
        for listener in listeners {
            let door = Door::of(&listener);
            accepting.spawn(Arc::clone(&worker).accept(listener.into_acceptor()?, door));
        }

        let mut stage = worker.stage.clone();
        if reached(&mut stage, Stage::Draining).await == Stage::Draining {
            roster.drain();
            let drained = async {
                while accepting.join_next().await.is_some() {}
                roster.empty().await;
                worker.make.settled().await;
            };
            tokio::select! {
                () = drained => {}
                () = tokio::time::sleep(worker.patience) => {}
                _ = reached(&mut stage, Stage::Quitting) => {}
            }
        }
        // What is left ends with the runtime, which the caller drops.
        Ok(ShutdownReport { finished: roster.finished(), cut: roster.cut() })
    }

    /// Accepts until the server is stopped, then what the kernel has accepted until then.
    async fn accept(self: Arc<Self>, listener: Acceptor, door: Door) {
        let mut stage = self.stage.clone();
        let mut shortage = Trouble::default();
        let mut full = Trouble::default();
        let mut in_a_row = 0;
        loop {
            let accepted = tokio::select! {
                biased;
                _ = reached(&mut stage, Stage::Draining) => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((socket, remote)) => self.open(socket, remote, door, &mut full).await,
                Err(error) if is_of_the_client(&error) => continue,
                Err(error) => {
                    if shortage.is_news() {
                        tracing::warn!(%error, "no connection can be accepted, new ones wait");
                    }
                    tokio::time::sleep(SHORTAGE).await;
                }
            }
            in_a_row += 1;
            if self.roster.is_ahead() {
                tokio::time::sleep(COURTESY).await;
            } else if in_a_row >= AT_ONCE {
                in_a_row = 0;
                tokio::task::yield_now().await;
            }
        }
        if *stage.borrow() == Stage::Draining
            && let Err(error) = self.accept_rest(listener, door, &mut full).await
        {
            tracing::warn!(%error, "connections that were waiting could not be accepted");
        }
    }

    /// Empties the kernel's queue, and closes it: a connection that is still in it then would be reset.
    async fn accept_rest(&self, listener: Acceptor, door: Door, full: &mut Trouble) -> io::Result<()> {
        let queue = listener.into_queue()?;
        loop {
            match queue.take() {
                Ok((socket, remote)) => self.open(socket, remote, door, full).await,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if is_of_the_client(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Starts to serve a connection, as soon as there is a place for it.
    ///
    /// The place is taken after the connection, not before: who waited for a connection with a place in hand would keep it
    /// from another listener's.
    async fn open(&self, socket: Socket, remote: Option<SocketAddr>, door: Door, full: &mut Trouble) {
        let place = if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            place
        } else {
            if full.is_news() {
                tracing::warn!("the limit of connections is reached, new ones wait");
            }
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
            place
        };
        socket.send_at_once();
        // Only a listener at every address has to ask which one it was.
        let local = match door.address {
            Some(address) if address.ip().is_unspecified() => socket.local_addr(),
            address => address,
        };
        let (protocols, roster) = (Arc::clone(&self.protocols), Arc::clone(&self.roster));
        if door.speaks == Speaks::Uwsgi {
            // Whoever has the right to open a unix socket is trusted by that.
            let trusted = remote.is_none_or(|remote| self.uwsgi_allow_from.contains(remote.ip()));
            tokio::spawn(connection::serve_uwsgi(socket, trusted, &self.make, protocols, roster, place));
            return;
        }
        let mut info = ConnectionInfo::new(remote, local);
        info.secure = door.speaks == Speaks::Https;
        if let Some(forwarding) = protocols.forwarding().filter(|forwarding| forwarding.has_proxy_protocol())
        {
            // Who is not to be believed would say it all the same.
            if forwarding.trusts(remote) {
                tokio::spawn(connection::serve_passed_on(socket, info, &self.make, protocols, roster, place));
            }
            return;
        }
        tokio::spawn(connection::serve(socket, info, &self.make, protocols, roster, place));
    }
}

/// Looks now and then how late the loop comes to what is due.
async fn look_at_lag(metrics: Arc<Metrics>) {
    loop {
        let due = tokio::time::Instant::now() + LOOK;
        tokio::time::sleep_until(due).await;
        metrics.is_late(due.elapsed());
    }
}

/// What a connection has from the listener that it came in by.
#[derive(Debug, Clone, Copy)]
struct Door {
    speaks: Speaks,
    address: Option<SocketAddr>,
}

impl Door {
    fn of(listener: &Listener) -> Self {
        Self { speaks: listener.speaks(), address: listener.address() }
    }
}

/// Waits for a stage, or one beyond it. A sender that is gone asks for the end.
async fn reached(stage: &mut watch::Receiver<Stage>, wanted: Stage) -> Stage {
    stage.wait_for(|stage| *stage >= wanted).await.map_or(Stage::Quitting, |stage| *stage)
}

/// Whether an error of accept tells of a connection that broke while it waited, and nothing of the listener.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Trouble that lasts or comes again and again, and is not told of each time.
#[derive(Debug, Default)]
struct Trouble(Option<Instant>);

impl Trouble {
    fn is_news(&mut self) -> bool {
        let now = Instant::now();
        let news = self.0.is_none_or(|last| now.duration_since(last) > QUIET);
        // The time counts from the last trouble, not from the last line: an episode is one line however long it is.
        self.0 = Some(now);
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_told_of_once() {
        let mut trouble = Trouble::default();
        assert!(trouble.is_news());
        assert!(!trouble.is_news());
    }
}
