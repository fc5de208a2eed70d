//! A new program in place of this one: `USR2`.

use super::super::link::Role;
use super::super::member::Member;
use super::Master;
use crate::server::LOG;
use crate::server::listener::Listener;

impl Master {
    pub(super) fn start_successor(&mut self) {
        if let Some(successor) = &self.successor {
            tracing::warn!(target: LOG, "received USR2, but process {} is already there to take over", successor.process);
        } else if self.elder.is_some() {
            tracing::warn!(target: LOG, "received USR2, but the process that this one takes over from is still there");
        } else {
            tracing::info!(target: LOG, "received USR2, starting {} beside this process", self.program.path().display());
            let listeners = self.listeners.iter().chain(&self.probing.listeners);
            let listeners: Result<Vec<_>, _> = listeners.map(Listener::share_with_file).collect();
            let started = listeners.and_then(|listeners| {
                Member::start(&self.program, Role::Successor, 0, &listeners, &self.news)
            });
            match started {
                Ok(member) => self.successor = Some(member),
                Err(error) => {
                    tracing::error!(target: LOG, "{} cannot be started: {error}", self.program.path().display());
                }
            }
        }
    }

    /// The process that this one was to replace is gone.
    pub(super) fn promote(&mut self) {
        self.elder = None;
        tracing::info!(target: LOG, "process {} has taken over", std::process::id());
        if let Some(pid_file) = &mut self.pid_file
            && let Err(error) = pid_file.promote()
        {
            tracing::error!(target: LOG, "{error}");
        }
        if self.ready {
            self.say_serving();
        }
    }
}
