//! There is no service manager to be told anything here.

use std::time::Duration;

pub(super) fn ready(_: &str) {}

pub(super) fn stopping() {}

pub(super) fn alive() {}

pub(super) const fn watchdog() -> Option<Duration> {
    None
}
