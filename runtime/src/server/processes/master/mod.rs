//! The process that looks after others: it starts, counts and replaces them, and serves itself only where it was told of no
//! workers, until it is reloaded.
//!
//! Everything that happens is one event of [`Master::run`]'s loop; after each, [`Master::settle`] compares the workers that
//! there are with those that there should be. So a worker more, a worker less, one that died and one that has done enough are
//! one rule: whoever replaces is up before the replaced one is told to leave.

mod inquiries;
mod reload;
mod signals;
mod succession;
mod supervision;

use std::io;
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, unbounded_channel};

pub(in crate::server) use self::inquiries::Probing;
use self::reload::Reload;
use super::link::{Command, Elder, Link, Orders, Report, Role};
use super::member::{Member, News, Phase, ending};
use super::program::Program;
use crate::server::listener::{Listener, SocketFile};
use crate::server::pid_file::PidFile;
use crate::server::probes::{Inquiry, inquiries};
use crate::server::shutdown::Stage;
use crate::server::signals::{Sent, Signals};
use crate::server::{LOG, Reopen, ServerConfig, ServerError, ServerHandle, ShutdownReport, service_manager};

/// How often members are looked after.
const TURN: Duration = Duration::from_millis(250);

/// How long a worker may take until it serves, at the least.
const START: Duration = Duration::from_mins(1);

/// How long a worker may take beyond the limit of a graceful stop: for what it does after its last request.
const FAREWELL: Duration = Duration::from_secs(5);

/// How long what was aborted, or told to quit, may take.
const ABORT: Duration = Duration::from_secs(2);

/// The longest wait before a worker is started again that keeps failing.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The event loops of this process itself.
pub(in crate::server) struct Own(
    pub(in crate::server) Pin<Box<dyn Future<Output = Result<ShutdownReport, ServerError>> + Send>>,
);

/// The process that looks after others.
pub(in crate::server) struct Master {
    config: ServerConfig,
    program: Program,
    listeners: Vec<Listener>,
    handle: ServerHandle,
    reopen: Reopen,
    pid_file: Option<PidFile>,
    own: Option<Own>,
    /// Whether the own loops have been told to end because others have taken their place.
    retired: bool,
    /// The process whose place this one is to take.
    elder: Option<Elder>,
    members: Vec<Member>,
    successor: Option<Member>,
    /// That of the workers that should be there.
    generation: u32,
    latest: u32,
    target: usize,
    reload: Option<Reload>,
    /// Whether the server has been ready once.
    ready: bool,
    failures: u32,
    not_before: Option<Instant>,
    stopping: Option<(Stage, Instant)>,
    report: ShutdownReport,
    fault: Option<ServerError>,
    news: UnboundedSender<News>,
    heard: Option<UnboundedReceiver<News>>,
    probing: Probing,
    inquiries: (Sender<Inquiry>, Receiver<Inquiry>),
}

impl Master {
    pub(in crate::server) fn new(
        config: ServerConfig,
        listeners: Vec<Listener>,
        handle: ServerHandle,
        reopen: Reopen,
        pid_file: Option<PidFile>,
        own: Option<Own>,
    ) -> Self {
        let (news, heard) = unbounded_channel();
        let target = if own.is_some() { 0 } else { config.workers.unwrap_or(1).max(1) };
        Self {
            config,
            program: Program::of_process(),
            listeners,
            handle,
            reopen,
            pid_file,
            own,
            retired: false,
            elder: None,
            members: Vec::new(),
            successor: None,
            generation: 0,
            latest: 0,
            target,
            reload: None,
            ready: false,
            failures: 0,
            not_before: None,
            stopping: None,
            report: ShutdownReport::default(),
            fault: None,
            news,
            heard: Some(heard),
            probing: Probing::default(),
            inquiries: inquiries(),
        }
    }

    /// Has health be told.
    pub(in crate::server) fn probed(mut self, probing: Probing) -> Self {
        self.probing = probing;
        self
    }

    /// Runs until the server has stopped.
    ///
    /// # Errors
    /// Where no worker could be started, or the own loops failed.
    pub(in crate::server) async fn run(
        mut self,
        mut signals: Option<Signals>,
        elder: Option<Link>,
    ) -> Result<ShutdownReport, ServerError> {
        if let Some(link) = elder {
            let elder = Elder::of(link);
            let wanted = "a place in the event queue";
            self.elder = Some(elder.map_err(|source| ServerError::System { wanted, source })?);
        }
        let Some(mut heard) = self.heard.take() else { return Ok(self.report) };
        if self.elder.is_none() {
            self.start_probes();
        }
        let mut stage = self.handle.subscribe();
        let mut clock = tokio::time::interval(TURN);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            self.settle();
            if self.is_done() {
                break;
            }
            let asked = self
                .stopping
                .map_or(if self.retired { Stage::Draining } else { Stage::Serving }, |(stage, _)| stage);
            tokio::select! {
                sent = next(&mut signals) => self.obey(sent),
                Some(news) = heard.recv() => self.hear(news),
                Some(inquiry) = self.inquiries.1.recv() => self.inquire(inquiry),
                result = ended(&mut self.own), if self.own.is_some() => self.own_ended(result),
                () = gone(&mut self.elder), if self.elder.is_some() => self.promote(),
                Ok(now) = async { stage.wait_for(|stage| *stage > asked).await.map(|stage| *stage) } => self.stop(now),
                _ = clock.tick(), if self.needs_clock() => self.look_after(),
            }
        }
        drop(self.pid_file.take());
        if self.successor.is_none() {
            self.remove_probe_files();
        }
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        tracing::info!(target: LOG, "stopped: {}", self.report);
        Ok(self.report)
    }

    fn is_done(&self) -> bool {
        self.stopping.is_some() && self.members.is_empty() && self.own.is_none()
    }

    fn needs_clock(&self) -> bool {
        !self.members.is_empty() || self.target > 0 || service_manager::watchdog().is_some()
    }

    fn stop(&mut self, stage: Stage) {
        if self.stopping.is_some_and(|(now, _)| now >= stage) {
            return;
        }
        let first = self.stopping.is_none();
        self.stopping = Some((stage, Instant::now()));
        self.reload = None;
        self.handle.advance(stage);
        for member in &mut self.members {
            match (member.phase, stage) {
                // It has nothing to finish.
                (Phase::Starting(_), _) => member.kill(),
                (_, Stage::Quitting) => member.tell(&Command::Quit),
                _ => member.drain(),
            }
        }
        if first {
            self.stop_probes();
            if let Some(successor) = &self.successor {
                service_manager::replaced_by(successor.process);
            } else {
                service_manager::stopping();
                self.listeners.iter().filter_map(Listener::file).for_each(SocketFile::remove);
            }
            self.listeners.clear();
        }
    }

    // ---- members

    /// Brings the workers to what they should be.
    fn settle(&mut self) {
        if self.stopping.is_some() {
            return;
        }
        self.finish_reload();
        let now = Instant::now();
        let generation = self.generation;
        let is_fresh =
            |member: &&Member| member.generation == generation && !member.worn && !member.is_leaving();
        let fresh = self.members.iter().filter(is_fresh).count();
        if self.not_before.is_none_or(|time| time <= now) {
            for _ in fresh..self.target {
                self.start_worker(generation);
            }
        }
        let serving = self.members.iter().filter(is_fresh).filter(|member| member.is_serving()).count();
        if serving < self.target {
            return;
        }
        if !self.ready {
            self.say_ready();
        }
        for member in &mut self.members {
            if member.worn && member.generation == generation {
                member.drain();
            }
        }
        // The oldest go first; those that have not started yet serve nobody.
        let is_spare =
            |member: &&mut Member| member.generation == generation && !member.worn && member.is_serving();
        self.members.iter_mut().filter(is_spare).take(serving - self.target).for_each(Member::drain);
    }

    fn say_ready(&mut self) {
        self.ready = true;
        self.start_probes();
        let places: Vec<String> = self.listeners.iter().map(ToString::to_string).collect();
        if self.own.is_none() {
            for place in &places {
                tracing::info!(target: LOG, "listening at {place}");
            }
            let plural = if self.target == 1 { "" } else { "es" };
            tracing::info!(target: LOG, "using {} worker process{plural}, process {}", self.target, std::process::id());
        }
        match &self.elder {
            Some(elder) => elder.say(&Report::Ready(Orders::of(&self.config))),
            None => self.say_serving(),
        }
    }

    fn start_worker(&mut self, generation: u32) -> Option<u32> {
        let listeners = self.reload.as_ref().filter(|reload| reload.generation == generation);
        let listeners = listeners.and_then(|reload| reload.listeners.as_ref()).unwrap_or(&self.listeners);
        match Member::start(&self.program, Role::Worker, generation, listeners, &self.news) {
            Ok(member) => {
                let process = member.process;
                tracing::info!(target: LOG, "starting worker {process}");
                self.members.push(member);
                Some(process)
            }
            Err(error) => {
                self.failed(&format!("{} cannot be started: {error}", self.program.path().display()));
                None
            }
        }
    }

    /// A worker of the present generation did not come to serve.
    fn failed(&mut self, what: &str) {
        if !self.ready && self.own.is_none() {
            self.fault.get_or_insert(ServerError::Worker { what: what.to_owned() });
            self.stop(Stage::Quitting);
            return;
        }
        let wait = Duration::from_secs(1 << self.failures.min(10)).min(LONGEST_WAIT);
        self.failures += 1;
        self.not_before = Some(Instant::now() + wait);
        tracing::error!(target: LOG, "{what}; tried again in {} s", wait.as_secs());
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Said(process, report) => self.hear_report(process, report),
            News::Ended(process, status) => self.hear_end(process, &status),
        }
    }

    fn hear_report(&mut self, process: u32, report: Report) {
        if let Some(successor) = self.successor.as_mut().filter(|member| member.process == process) {
            if let Report::Ready(_) = report {
                successor.phase = Phase::Serving;
                tracing::info!(
                    target: LOG, "process {process} serves too; TERM to this one leaves it alone, TERM to that one takes it back"
                );
            }
            return;
        }
        let timeout = self.config.worker_timeout.as_secs();
        let Some(member) = self.members.iter_mut().find(|member| member.process == process) else { return };
        member.heard = Instant::now();
        match report {
            Report::Ready(orders) => {
                if let Phase::Starting(_) = member.phase {
                    member.phase = Phase::Serving;
                }
                (self.failures, self.not_before) = (0, None);
                if self.reload.as_ref().is_some_and(|reload| reload.probe == Some(process)) {
                    self.raise(orders);
                }
            }
            // What is said besides is for a supervisor.
            Report::Alive | Report::Said(_) => {}
            Report::Answered(number, reply) => self.hear_answer(process, number, reply),
            Report::Counted(text) => self.hear_counted(process, &text),
            Report::Stuck => {
                tracing::error!(
                    target: LOG, "an event loop of worker {process} has not turned for {timeout} s: it is replaced"
                );
                member.worn = true;
            }
            Report::Spent => {
                tracing::info!(target: LOG, "worker {process} has answered its requests: it is replaced");
                member.worn = true;
            }
            Report::Ended(finished, cut) => self.report += ShutdownReport { finished, cut },
        }
    }

    fn hear_end(&mut self, process: u32, status: &io::Result<std::process::ExitStatus>) {
        let ending = ending(status);
        if self.successor.as_ref().is_some_and(|member| member.process == process) {
            tracing::warn!(target: LOG, "process {process}, which was to take over, {ending}; this one goes on");
            self.successor = None;
            return;
        }
        let Some(place) = self.members.iter().position(|member| member.process == process) else { return };
        let member = self.members.remove(place);
        self.forget(process);
        if let Some(reason) = restart(&member, self.stopping.is_some()) {
            self.count_restart(reason);
        }
        let what = format!("worker {process} {ending}");
        match member.phase {
            _ if self.stopping.is_some() => tracing::info!(target: LOG, "{what}"),
            Phase::Leaving(_) => tracing::info!(target: LOG, "{what}"),
            Phase::Serving => tracing::error!(target: LOG, "{what}; another one takes its place"),
            Phase::Starting(_) if self.is_reloading(member.generation) => self.give_up_reload(&what),
            Phase::Starting(_) => self.failed(&format!("{what} before it served")),
        }
        // One that served and died at once is a failure of the new ones too.
        if member.phase == Phase::Serving && self.is_reloading(member.generation) {
            self.give_up_reload("a new worker did not stay");
        }
    }

    fn own_ended(&mut self, result: Result<ShutdownReport, ServerError>) {
        self.own = None;
        self.keep_own_figures();
        match result {
            Ok(report) => {
                self.report += report;
                if self.retired && self.stopping.is_none() {
                    tracing::info!(
                        target: LOG, "process {} serves no more itself ({report}), and looks after its workers",
                        std::process::id()
                    );
                } else if self.stopping.is_none() {
                    self.stop(Stage::Draining);
                }
            }
            Err(error) => {
                self.fault.get_or_insert(error);
                self.stop(Stage::Draining);
            }
        }
    }
}

/// Why another one takes a worker's place, if that was not asked for.
fn restart(member: &Member, stopping: bool) -> Option<&'static str> {
    match member.phase {
        _ if stopping => None,
        _ if member.aborted.is_some() => Some("timeout"),
        Phase::Leaving(_) => member.worn.then_some("worn"),
        Phase::Serving => Some("died"),
        Phase::Starting(_) => Some("failed"),
    }
}

async fn next(signals: &mut Option<Signals>) -> Sent {
    match signals {
        Some(signals) => signals.next().await,
        None => std::future::pending().await,
    }
}

async fn ended(own: &mut Option<Own>) -> Result<ShutdownReport, ServerError> {
    match own {
        Some(own) => own.0.as_mut().await,
        None => std::future::pending().await,
    }
}

/// Waits for the end of the process that this one is to replace.
async fn gone(elder: &mut Option<Elder>) {
    match elder {
        Some(elder) => elder.gone().await,
        None => std::future::pending().await,
    }
}
