//! The process that builds the program and has workers serve it.
//!
//! Everything that happens is one event of [`Supervisor::run`]'s loop. What is newest is a [`State`]; whoever shows pages is told
//! of each change of it.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::LOG;
use super::build::{Build, Outcome, seconds};
use super::cargo::Project;
use super::live::{Live, Nobody};
use super::sources::{Kind, Sources};
use super::state::{Problem, State, Version};
use super::watcher::Watcher;
use super::workers::{Fate, Workers};
use crate::error::Result;
use crate::server::{ServerHandle, Supervised};

/// How often workers are looked after.
const TURN: Duration = Duration::from_millis(250);

/// How long after a build what is heard of files may still be its doing.
const AFTERMATH: Duration = Duration::from_secs(2);

/// One that was started again after another one had died, and was there for less, is not started again by itself: the next
/// one would end as it did.
const SHORT: Duration = Duration::from_mins(1);

/// The process that builds the program and has workers serve it.
pub(super) struct Supervisor {
    project: Project,
    sources: Sources,
    watcher: Watcher,
    workers: Workers,
    build: Option<Build>,
    /// When the last one has ended.
    built_at: Option<Instant>,
    due: Due,
    /// Whether what serves has been started because another one had died.
    revived: bool,
    /// Why there is no newer program, and why what there is does not start.
    not_built: Option<Problem>,
    not_started: Option<Problem>,
    state: watch::Sender<Arc<State>>,
    /// What shows the problem where no worker serves.
    stand_in: Option<ServerHandle>,
    has_file: bool,
    /// Whether somebody has been told where it listens.
    told: bool,
    /// The signal that was sent.
    stopped_by: Option<&'static str>,
}

/// What is to be done once there is room for it.
#[derive(Debug, Default)]
struct Due {
    /// A source has changed since the build has begun.
    build: bool,
    /// There is something newer than what serves or starts.
    start: bool,
}

/// The signals that end it.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    quit: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            quit: signal(SignalKind::quit())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// The next one, and whether it waits for nothing: at a keyboard nobody wants to wait, and a terminal that is gone will not.
    async fn next(&mut self) -> (&'static str, bool) {
        tokio::select! {
            _ = self.interrupt.recv() => ("INT", true),
            _ = self.terminate.recv() => ("TERM", false),
            _ = self.quit.recv() => ("QUIT", true),
            _ = self.hang_up.recv() => ("HUP", true),
        }
    }
}

impl Supervisor {
    /// `files` are those of the configuration.
    ///
    /// # Errors
    /// Where files cannot be watched; in one line.
    pub(super) fn new(
        project: Project,
        sockets: Supervised,
        files: Vec<PathBuf>,
        has_file: bool,
    ) -> std::result::Result<Self, String> {
        let sources = Sources::new(&project, files);
        let mut watcher = Watcher::new()?;
        watcher.watch(sources.to_watch())?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let session = u64::try_from(now.as_millis()).unwrap_or(0);
        let version = Version { session, page: 1, style: 0 };
        Ok(Self {
            project,
            sources,
            watcher,
            workers: Workers::new(sockets),
            build: None,
            built_at: None,
            due: Due::default(),
            revived: false,
            not_built: None,
            not_started: None,
            state: watch::Sender::new(Arc::new(State { version, problem: None })),
            stand_in: None,
            has_file,
            told: false,
            stopped_by: None,
        })
    }

    /// Runs until a signal ends it.
    ///
    /// # Errors
    /// Where the system does not let it hear of signals.
    pub(super) async fn run(mut self) -> Result<()> {
        let mut signals = Signals::new()?;
        if self.has_file {
            eprintln!("Starting server in PID {}.", std::process::id());
        }
        let mut clock = tokio::time::interval(TURN);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        self.start_worker();
        while !(self.stopped_by.is_some() && self.workers.are_gone()) {
            tokio::select! {
                news = self.workers.sockets.news() => {
                    let fate = self.workers.hear(news).await;
                    self.settle(fate);
                }
                paths = self.watcher.happened(), if self.stopped_by.is_none() => self.look_at(paths),
                outcome = ended(&mut self.build), if self.build.is_some() => self.built(outcome),
                (name, at_once) = signals.next() => self.stop(name, at_once),
                _ = clock.tick() => self.workers.look_after(),
            }
        }
        tracing::info!(target: LOG, "stopped by {}", self.stopped_by.unwrap_or_default());
        Ok(())
    }

    // ---- what has changed

    fn look_at(&mut self, paths: BTreeSet<PathBuf>) {
        let is_broken = self.not_built.is_some();
        // What a build script writes while it runs is nobody's wish.
        let is_wish = self.build.is_none() && self.built_at.is_none_or(|time| time.elapsed() > AFTERMATH);
        let is_in_trouble = is_broken || self.not_started.is_some();
        let changed = self.sources.changed(paths, is_broken, is_in_trouble && is_wish);
        let of = |kind: Kind| -> Vec<&Path> {
            changed.iter().filter(|(_, known)| *known == kind).map(|(path, _)| &**path).collect()
        };
        let (sources, files) = (of(Kind::Source), of(Kind::Configuration));
        if !sources.is_empty() {
            let then = if self.build.is_some() { "it is built once more after this" } else { "building" };
            tracing::info!(target: LOG, "{}: {then}", changes(&sources));
            self.due.build = true;
            if self.build.is_none() {
                self.start_build();
            }
        }
        if !files.is_empty() {
            tracing::info!(target: LOG, "{}: starting anew", changes(&files));
            // The program may not be there while it is built.
            self.due.start = true;
            if self.build.is_none() {
                self.start_worker();
            }
        }
        let (pages, styles) = (of(Kind::Page), of(Kind::Style));
        if !pages.is_empty() || !styles.is_empty() {
            let all: Vec<&Path> = pages.iter().chain(&styles).copied().collect();
            tracing::info!(target: LOG, "{}: refreshing the pages that are open", changes(&all));
            self.announce(|version| if pages.is_empty() { version.style += 1 } else { version.page += 1 });
        }
    }

    // ---- builds

    fn start_build(&mut self) {
        self.due.build = false;
        match Build::start(&self.project) {
            Ok(build) => self.build = Some(build),
            Err(error) => self.built(Outcome::Failed(error)),
        }
    }

    fn built(&mut self, outcome: Outcome) {
        self.built_at = Some(Instant::now());
        let time = self.build.take().map(|build| seconds(build.started.elapsed())).unwrap_or_default();
        match outcome {
            Outcome::Built { fresh } => {
                self.due.start |= !fresh || !self.workers.serve() || self.not_started.is_some();
                self.project.refresh();
                self.sources.refresh(&self.project);
                self.watch();
                let was_broken = self.not_built.take().is_some();
                if self.due.build {
                    self.start_build();
                } else if self.due.start {
                    tracing::info!(target: LOG, "built in {time}, starting");
                    self.start_worker();
                } else {
                    tracing::info!(target: LOG, "built in {time}, and nothing is different");
                    if was_broken {
                        self.announce(|version| version.page += 1);
                    }
                }
            }
            Outcome::Failed(text) => {
                let then =
                    if self.workers.serve() { "the old version goes on" } else { "waiting for a change" };
                tracing::error!(target: LOG, "not built: {then}");
                let title = "The program does not compile".to_owned();
                self.not_built = Some(Problem { title, text });
                if self.due.build {
                    self.start_build();
                } else if self.due.start {
                    self.start_worker();
                }
                self.announce(|version| version.page += 1);
            }
        }
    }

    fn watch(&mut self) {
        if let Err(error) = self.watcher.watch(self.sources.to_watch()) {
            tracing::warn!(target: LOG, "{error}");
        }
    }

    // ---- workers

    fn start_worker(&mut self) {
        (self.due.start, self.revived) = (false, false);
        let mut version = self.state.borrow().version.clone();
        version.page += 1;
        // Pages of the one before are outdated from the moment that they know of it, which they do when it serves.
        if let Err(error) = self.workers.start(&version) {
            let path = self.project.program.display();
            self.not_started(format!("{path} cannot be started: {error}"), String::new());
        }
    }

    fn settle(&mut self, fate: Fate) {
        if self.stopped_by.is_some() {
            return;
        }
        match fate {
            Fate::Nothing => {}
            Fate::Moved => {
                self.told = false;
                self.start_worker();
            }
            Fate::Serves(watched) => {
                self.not_started = None;
                self.sources.serve(watched);
                self.watch();
                if let Some(stand_in) = self.stand_in.take() {
                    stand_in.shutdown();
                }
                if self.told {
                    tracing::info!(target: LOG, "the new version serves");
                }
                self.announce(|version| version.page += 1);
                self.say_places();
            }
            Fate::NotStarted(how, text) => {
                self.not_started(format!("the program {how} before it served"), text);
            }
            Fate::Died(how, text, lived) if self.revived && lived < SHORT => {
                self.not_started(format!("the program {how}"), text);
            }
            Fate::Died(how, ..) => {
                tracing::error!(target: LOG, "the program {how}: it is started again");
                self.start_worker();
                self.revived = true;
            }
        }
    }

    fn not_started(&mut self, what: String, text: String) {
        let then = if self.workers.serve() { "the old version goes on" } else { "waiting for a change" };
        tracing::error!(target: LOG, "{what}: {then}");
        let text = if text.is_empty() { what } else { format!("{text}\n\n{what}") };
        self.not_started = Some(Problem { title: "The program does not start".to_owned(), text });
        self.announce(|version| version.page += 1);
        self.say_places();
    }

    // ---- what is newest

    /// Tells everybody of the next version.
    fn announce(&mut self, next: impl FnOnce(&mut Version)) {
        let mut version = self.state.borrow().version.clone();
        next(&mut version);
        let problem = self.not_built.clone().or_else(|| self.not_started.clone());
        let state = State { version, problem };
        self.workers.tell(&state);
        let stands = state.problem.is_some() && !self.workers.serve() && !self.workers.start_one();
        self.state.send_replace(Arc::new(state));
        if stands && self.stand_in.is_none() && self.stopped_by.is_none() {
            let state = self.state.subscribe();
            let stand_in = |handle| Live::new(Nobody::new(state.clone()), false, state, handle);
            match self.workers.sockets.serve(stand_in) {
                Ok(handle) => self.stand_in = Some(handle),
                Err(error) => tracing::error!(target: LOG, "{error}"),
            }
        }
    }

    /// Says once where it listens: whoever connects is answered.
    fn say_places(&mut self) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        for place in self.workers.sockets.places() {
            tracing::info!(target: LOG, "listening at {place}");
            if self.has_file {
                eprintln!("Serving on {place}");
            }
        }
        tracing::info!(
            target: LOG, "using one process that is built and started anew, under process {}", std::process::id()
        );
    }

    fn stop(&mut self, name: &'static str, at_once: bool) {
        let at_once = at_once || self.stopped_by.is_some();
        tracing::info!(target: LOG, "received {name}, stopping {}", if at_once { "at once" } else { "gracefully" });
        self.stopped_by = Some(name);
        self.build = None;
        if let Some(stand_in) = self.stand_in.take() {
            stand_in.quit();
        }
        self.workers.sockets.close();
        self.workers.stop(at_once);
    }
}

async fn ended(build: &mut Option<Build>) -> Outcome {
    match build {
        Some(build) => build.ended().await,
        None => std::future::pending().await,
    }
}

/// `src/main.rs and 2 more have changed`, from the folder that the user is in.
fn changes(paths: &[&Path]) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    let first = paths.first().map(|path| path.strip_prefix(&here).unwrap_or(path).display().to_string());
    let first = first.unwrap_or_default();
    match paths.len() {
        0 | 1 => format!("{first} has changed"),
        more => format!("{first} and {} more have changed", more - 1),
    }
}
