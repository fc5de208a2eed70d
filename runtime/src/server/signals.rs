//! Signals, by what they are called.

use std::io;

/// A signal that a server acts upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// Stop gracefully.
    Term,
    /// The keyboard's interrupt.
    Int,
    /// Stop at once.
    Quit,
    /// New workers in place of the old ones.
    Hup,
    /// Open the logs again.
    Usr1,
    /// A new program beside this one.
    Usr2,
    /// A worker more.
    Ttin,
    /// A worker less.
    Ttou,
    /// No workers for the time being.
    Winch,
}

impl Sent {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Term => "TERM",
            Self::Int => "INT",
            Self::Quit => "QUIT",
            Self::Hup => "HUP",
            Self::Usr1 => "USR1",
            Self::Usr2 => "USR2",
            Self::Ttin => "TTIN",
            Self::Ttou => "TTOU",
            Self::Winch => "WINCH",
        }
    }
}

/// The signals of [`Sent`], with their handlers in place from the moment that this exists, for the rest of the process's life.
#[cfg(unix)]
pub(super) struct Signals {
    handlers: Vec<(Sent, tokio::signal::unix::Signal)>,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        use rustix::process::Signal;
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            (Sent::Term, SignalKind::terminate()),
            (Sent::Int, SignalKind::interrupt()),
            (Sent::Quit, SignalKind::quit()),
            (Sent::Hup, SignalKind::hangup()),
            (Sent::Usr1, SignalKind::user_defined1()),
            (Sent::Usr2, SignalKind::user_defined2()),
            // Without a handler these two would stop the process as Ctrl-Z does.
            (Sent::Ttin, SignalKind::from_raw(Signal::TTIN.as_raw())),
            (Sent::Ttou, SignalKind::from_raw(Signal::TTOU.as_raw())),
            (Sent::Winch, SignalKind::window_change()),
        ];
        let handlers = kinds.into_iter().map(|(sent, kind)| Ok((sent, signal(kind)?)));
        Ok(Self { handlers: handlers.collect::<io::Result<_>>()? })
    }

    /// Waits for the next signal.
    pub(super) async fn next(&mut self) -> Sent {
        std::future::poll_fn(|context| {
            for (sent, signal) in &mut self.handlers {
                if signal.poll_recv(context).is_ready() {
                    return std::task::Poll::Ready(*sent);
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

/// The keyboard's interrupt alone.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[allow(clippy::unnecessary_wraps, reason = "as on other systems")]
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the next signal.
    pub(super) async fn next(&mut self) -> Sent {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Sent::Int
    }
}
