//! The workers of a supervisor: one that serves, one that is to take its place, and those that finish.

use std::io;
use std::time::{Duration, Instant};

use super::state::{State, Version, Watched};
use super::voice::Voice;
use super::{LOG, VERSION};
use crate::server::{Supervised, WorkerNews, WorkerProcess};

/// How long a worker may take until it serves.
const START: Duration = Duration::from_mins(1);

/// How long a worker may take beyond its limit for what it has begun.
const FAREWELL: Duration = Duration::from_secs(2);

/// A worker.
#[derive(Debug)]
struct Running {
    process: WorkerProcess,
    voice: Voice,
    since: Instant,
    watched: Watched,
}

impl Running {
    fn has_number(&self, process: u32) -> bool {
        self.process.process() == process
    }
}

/// One that is on its way to the end, and when the system is to end it.
#[derive(Debug)]
struct Leaving {
    process: WorkerProcess,
    deadline: Instant,
}

#[derive(Debug)]
pub(super) struct Workers {
    pub(super) sockets: Supervised,
    current: Option<Running>,
    next: Option<Running>,
    leaving: Vec<Leaving>,
}

/// What has become of a worker.
#[derive(Debug)]
pub(super) enum Fate {
    /// The next one serves in place of the one before, and reads these files.
    Serves(Watched),
    /// The next one wants to listen elsewhere: that is open, and it has to be started once more.
    Moved,
    /// The next one does not come to serve: how it ended, and what it said.
    NotStarted(String, String),
    /// The one that served has ended: how, what it said last, and for how long it was there.
    Died(String, String, Duration),
    /// Nothing that anybody has to act upon.
    Nothing,
}

impl Workers {
    pub(super) const fn new(sockets: Supervised) -> Self {
        Self { sockets, current: None, next: None, leaving: Vec::new() }
    }

    /// Whether one serves.
    pub(super) const fn serve(&self) -> bool {
        self.current.is_some()
    }

    /// Whether one is on its way to serve.
    pub(super) const fn start_one(&self) -> bool {
        self.next.is_some()
    }

    pub(super) fn are_gone(&self) -> bool {
        self.current.is_none() && self.next.is_none() && self.leaving.is_empty()
    }

    /// Starts one that is to take the place of the one that serves. One that was to do so before is not needed any more.
    ///
    /// # Errors
    /// Where the program cannot be started.
    pub(super) fn start(&mut self, version: &Version) -> io::Result<()> {
        if let Some(outdated) = self.next.take() {
            self.end(outdated.process, Duration::ZERO);
        }
        let (stderr, voice) = Voice::of_worker()?;
        let process = self.sockets.start(&environment(version), stderr)?;
        tracing::debug!(target: LOG, "process {} starts", process.process());
        self.next = Some(Running { process, voice, since: Instant::now(), watched: Watched::default() });
        Ok(())
    }

    /// Tells the one that serves what is newest.
    pub(super) fn tell(&self, state: &State) {
        // This type always has a form in JSON.
        if let (Some(current), Ok(text)) = (&self.current, serde_json::to_string(state)) {
            current.process.tell(text);
        }
    }

    /// Makes sense of what was heard.
    pub(super) async fn hear(&mut self, news: WorkerNews) -> Fate {
        match news {
            WorkerNews::Said(process, text) => {
                if let Some(next) = self.next.as_mut().filter(|next| next.has_number(process))
                    && let Ok(watched) = serde_json::from_str(&text)
                {
                    next.watched = watched;
                }
                Fate::Nothing
            }
            WorkerNews::Serves(process, orders) => {
                let next = self.next.take_if(|next| next.has_number(process));
                let Some(mut next) = next else { return Fate::Nothing };
                match self.sockets.follow(orders) {
                    Ok(false) => {
                        let watched = std::mem::take(&mut next.watched);
                        if let Some(before) = self.current.replace(next) {
                            self.drain(before.process);
                        }
                        Fate::Serves(watched)
                    }
                    Ok(true) => {
                        self.end(next.process, Duration::ZERO);
                        Fate::Moved
                    }
                    Err(error) => {
                        self.end(next.process, Duration::ZERO);
                        Fate::NotStarted("does not open its addresses".to_owned(), format!("error: {error}"))
                    }
                }
            }
            WorkerNews::Stuck(process) => {
                tracing::warn!(target: LOG, "an event loop of process {process} has not turned for long");
                Fate::Nothing
            }
            WorkerNews::Ended(process, how) => {
                self.leaving.retain(|leaving| leaving.process.process() != process);
                if let Some(next) = self.next.take_if(|next| next.has_number(process)) {
                    return Fate::NotStarted(how, next.voice.last_words().await);
                }
                if let Some(current) = self.current.take_if(|current| current.has_number(process)) {
                    return Fate::Died(how, current.voice.last_words().await, current.since.elapsed());
                }
                Fate::Nothing
            }
        }
    }

    /// Tells all to end: at once, or when they have finished what they have begun.
    pub(super) fn stop(&mut self, at_once: bool) {
        for running in [self.next.take(), self.current.take()].into_iter().flatten() {
            self.drain(running.process);
        }
        if at_once {
            let deadline = Instant::now() + FAREWELL;
            for leaving in &mut self.leaving {
                leaving.process.quit();
                leaving.deadline = leaving.deadline.min(deadline);
            }
        }
    }

    /// Ends those whose time is over.
    pub(super) fn look_after(&mut self) {
        let now = Instant::now();
        self.leaving
            .iter()
            .filter(|leaving| leaving.deadline <= now)
            .for_each(|leaving| leaving.process.kill());
        if let Some(next) = self.next.as_ref().filter(|next| next.since.elapsed() > START) {
            tracing::error!(target: LOG, "process {} does not come to serve: it is ended", next.process.process());
            next.process.kill();
        }
    }

    /// Lets one finish what it has begun.
    fn drain(&mut self, mut process: WorkerProcess) {
        process.drain();
        let patience = self.sockets.patience().saturating_add(FAREWELL);
        self.end_after(process, patience);
    }

    /// Ends one that serves nobody.
    fn end(&mut self, process: WorkerProcess, patience: Duration) {
        process.quit();
        self.end_after(process, patience);
    }

    fn end_after(&mut self, process: WorkerProcess, patience: Duration) {
        let now = Instant::now();
        let deadline = now.checked_add(patience).unwrap_or(now + START);
        self.leaving.push(Leaving { process, deadline });
    }
}

/// What a worker has in its environment besides: what it says goes through our hands to a terminal, if there is one.
fn environment(version: &Version) -> Vec<(&'static str, String)> {
    let mut environment = vec![(VERSION, version.to_string())];
    if io::IsTerminal::is_terminal(&io::stderr()) && std::env::var_os("NO_COLOR").is_none() {
        environment.push(("CLICOLOR_FORCE", "1".to_owned()));
    }
    environment
}
