//! What is looked at now and then: whether members do what they should, in time.

use std::time::Duration;

use super::super::member::{Member, Phase};
use super::{ABORT, FAREWELL, Master, START};
use crate::server::shutdown::Stage;
use crate::server::{LOG, service_manager};

impl Master {
    pub(super) fn look_after(&mut self) {
        if self.own.is_none() && service_manager::watchdog().is_some() {
            service_manager::alive();
        }
        self.finish_inquiries();
        let (timeout, shutdown) = (self.config.worker_timeout, self.config.shutdown);
        let stopping = self.stopping;
        for member in &mut self.members {
            let process = member.process;
            if member.aborted.is_some_and(|time| time.elapsed() > ABORT) {
                member.kill();
                continue;
            }
            match member.phase {
                _ if stopping
                    .is_some_and(|(stage, since)| stage == Stage::Quitting && since.elapsed() > ABORT) =>
                {
                    member.kill();
                }
                _ if member.aborted.is_some() => {}
                Phase::Starting(since) if since.elapsed() > timeout.max(START) => {
                    tracing::error!(target: LOG, "worker {process} does not come to serve: it is aborted");
                    member.abort();
                }
                Phase::Serving | Phase::Leaving(_) if is_silent(member, timeout) => {
                    tracing::error!(
                        target: LOG, "worker {process} has given no sign of life for {} s: it is aborted",
                        timeout.as_secs()
                    );
                    member.abort();
                }
                Phase::Leaving(since) if since.elapsed() > shutdown.saturating_add(FAREWELL) => {
                    tracing::error!(target: LOG, "worker {process} does not end: it is killed");
                    member.abort();
                    member.kill();
                }
                _ => {}
            }
        }
    }
}

/// Whether it has given no sign of life for too long. One on its way to the end gives none while it takes its leave.
fn is_silent(member: &Member, timeout: Duration) -> bool {
    let limit = if member.is_leaving() { timeout.max(FAREWELL) } else { timeout };
    !timeout.is_zero() && member.heard.elapsed() > limit
}
