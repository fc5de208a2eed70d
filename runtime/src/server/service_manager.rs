//! What systemd, or whatever has started the program in its manner, is told (`sd_notify(3)`).
//!
//! Nothing is told where `NOTIFY_SOCKET` is not set.

use std::time::Duration;

use sd_notify::NotifyState;

/// The server accepts; `process` is the one to look after.
pub(super) fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status), NotifyState::MainPid(std::process::id())]);
}

/// The server is about to change what serves; [`ready`] follows.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now, NotifyState::Status("reloading")]),
        Err(error) => tracing::warn!("the service manager cannot be told: {error}"),
    }
}

/// This process is on its way to the end, and another one goes on in its place.
pub(super) fn replaced_by(process: u32) {
    tell(&[NotifyState::MainPid(process)]);
}

/// The server is on its way to the end.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("stopping")]);
}

/// The event loops turn.
pub(super) fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// How long the service manager lets pass between two signs of life, if it waits for any.
pub(super) fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled().filter(|limit| !limit.is_zero())
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!("the service manager cannot be told: {error}");
    }
}
