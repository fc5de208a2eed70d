//! Signals, and what they ask of a server.

use std::io;

use super::shutdown::{ServerHandle, Stage};

/// The signals that stop a server, with their handlers in place from the moment that this exists.
#[cfg(unix)]
pub(super) struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Takes over TERM, INT and QUIT, for the rest of the process's life.
    pub(super) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// Passes on what the signals ask for, until it is dropped.
    pub(super) async fn obey(mut self, handle: ServerHandle) {
        loop {
            let (name, asked) = tokio::select! {
                _ = self.terminate.recv() => ("TERM", Stage::Draining),
                // From the keyboard: patience the first time, none the second.
                _ = self.interrupt.recv() => {
                    ("INT", if handle.is_stopping() { Stage::Quitting } else { Stage::Draining })
                }
                _ = self.quit.recv() => ("QUIT", Stage::Quitting),
            };
            if handle.advance(asked) {
                let how = if asked == Stage::Quitting { "at once" } else { "gracefully" };
                tracing::info!("received {name}, stopping {how}");
            }
        }
    }
}

/// The keyboard's interrupt, which stops a server, with its handler in place from the moment that this exists.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) async fn obey(self, handle: ServerHandle) {
        while tokio::signal::ctrl_c().await.is_ok() {
            handle.advance(if handle.is_stopping() { Stage::Quitting } else { Stage::Draining });
        }
    }
}
