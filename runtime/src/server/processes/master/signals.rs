//! What each signal asks for.

use std::fs::File;

use super::super::link::Command;
use super::Master;
use crate::server::LOG;
use crate::server::shutdown::Stage;
use crate::server::signals::Sent;

impl Master {
    pub(super) fn obey(&mut self, sent: Sent) {
        let name = sent.name();
        match sent {
            Sent::Term => self.asked_to_stop(name, Stage::Draining),
            // From the keyboard: patience the first time, none the second.
            Sent::Int => {
                let stage = if self.stopping.is_some() { Stage::Quitting } else { Stage::Draining };
                self.asked_to_stop(name, stage);
            }
            Sent::Quit => self.asked_to_stop(name, Stage::Quitting),
            _ if self.stopping.is_some() => {
                tracing::info!(target: LOG, "received {name}, but the server is stopping");
            }
            Sent::Hup => self.start_reload(),
            Sent::Usr1 => {
                tracing::info!(target: LOG, "received {name}, opening the logs again");
                self.reopen.call();
                self.members.iter().for_each(|member| member.tell(&Command::Reopen));
            }
            Sent::Usr2 => self.start_successor(),
            Sent::Ttin | Sent::Ttou if self.serves_itself() => {
                tracing::warn!(target: LOG, "received {name}, but there are no workers: the setting `workers` is not set");
            }
            Sent::Ttin => self.aim(name, self.target + 1),
            Sent::Ttou if self.target <= 1 => {
                tracing::warn!(target: LOG, "received {name}, but one worker is the least");
            }
            Sent::Ttou => self.aim(name, self.target - 1),
            // At a terminal it means that the window has another size.
            Sent::Winch if self.serves_itself() || has_terminal() => {}
            Sent::Winch => self.aim(name, 0),
        }
    }

    fn aim(&mut self, name: &str, target: usize) {
        tracing::info!(target: LOG, "received {name}, from {} to {target} worker processes", self.target);
        self.target = target;
    }

    /// Whether this process has no workers and is not about to get any.
    fn serves_itself(&self) -> bool {
        self.own.is_some() && !self.retired
    }

    fn asked_to_stop(&mut self, name: &str, stage: Stage) {
        if self.stopping.is_none_or(|(now, _)| now < stage) {
            let how = if stage == Stage::Quitting { "at once" } else { "gracefully" };
            tracing::info!(target: LOG, "received {name}, stopping {how}");
            self.stop(stage);
        }
    }
}

fn has_terminal() -> bool {
    File::open("/dev/tty").is_ok()
}
