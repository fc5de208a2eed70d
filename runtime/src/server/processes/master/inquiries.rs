//! What the master is asked, and asks its workers.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::super::link::Command;
use super::super::member::Phase;
use super::Master;
use crate::server::exposition::{Exposition, lasting};
use crate::server::listener::{Listener, SocketFile};
use crate::server::probes::{Inquiry, Local, Probed, Question, Reply};
use crate::server::{LOG, ServerConfig};

/// How long workers may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the master needs to tell of health.
#[derive(Debug, Default)]
pub(in crate::server) struct Probing {
    pub(in crate::server) listeners: Vec<Listener>,
    /// What the own event loops say.
    pub(in crate::server) local: Option<Local>,
    /// The listeners that are answered at.
    pub(super) probed: Option<Probed>,
    open: Vec<Open>,
    asked: u64,
    /// Figures of workers that are gone.
    counted: Exposition,
    /// What each worker that is there said last.
    last: HashMap<u32, String>,
    /// Workers that were replaced, by the reason.
    pub(super) restarts: Vec<(&'static str, u64)>,
}

impl Probing {
    pub(in crate::server) fn new(listeners: Vec<Listener>) -> Self {
        Self { listeners, ..Self::default() }
    }
}

/// A question to several workers.
#[derive(Debug)]
struct Open {
    number: u64,
    question: Question,
    since: Instant,
    waiting: Vec<u32>,
    replies: Vec<(u32, Reply)>,
    reply: oneshot::Sender<Reply>,
}

impl Master {
    /// Begins to answer. Beside a process that this one is to replace, only when it can take that one's place.
    pub(super) fn start_probes(&mut self) {
        if self.probing.probed.is_some() || self.probing.listeners.is_empty() {
            return;
        }
        match Probed::start(&self.probing.listeners, &self.inquiries.0) {
            Ok(probed) => self.probing.probed = Some(probed),
            Err(error) => tracing::error!(target: LOG, "health cannot be told: {error}"),
        }
    }

    /// Leaves the answers to a process that takes over, where there is one that serves.
    pub(super) fn stop_probes(&mut self) {
        if self.successor.as_ref().is_some_and(|successor| successor.phase == Phase::Serving) {
            self.probing.probed = None;
        }
    }

    /// The addresses have changed with a reload.
    pub(super) fn move_probes(&mut self, config: &ServerConfig) {
        match Listener::open_health(config, &self.probing.listeners) {
            Ok(listeners) => {
                let old = std::mem::replace(&mut self.probing.listeners, listeners);
                let kept = |file| self.probing.listeners.iter().any(|listener| listener.file() == Some(file));
                old.iter().filter_map(Listener::file).filter(|file| !kept(file)).for_each(SocketFile::remove);
                self.probing.probed = None;
                self.start_probes();
            }
            Err(error) => tracing::error!(target: LOG, "health goes on to be told where it was: {error}"),
        }
    }

    pub(super) fn remove_probe_files(&self) {
        let files = self.probing.listeners.iter().filter_map(Listener::file);
        files.for_each(SocketFile::remove);
    }

    pub(super) fn inquire(&mut self, Inquiry { question, reply }: Inquiry) {
        let own = self.probing.local.clone().filter(|_| self.own.is_some());
        let serving: Vec<u32> =
            self.members.iter().filter(|member| member.is_serving()).map(|member| member.process).collect();
        let answer = match question {
            Question::Alive => own.map_or_else(|| Reply::good("alive"), |own| own.alive()),
            Question::Ready if self.stopping.is_some() => Reply::bad("the server is stopping"),
            Question::Ready if !self.ready => Reply::bad("the server is starting"),
            Question::Ready => {
                if let Some(own) = own.filter(|_| !self.retired) {
                    tokio::spawn(async move { reply.send(own.ready().await) });
                    return;
                }
                if !serving.is_empty() {
                    return self.ask(question, serving, Vec::new(), reply);
                }
                Reply::bad("no worker serves")
            }
            Question::Metrics => {
                let asked = self.members.iter().filter(|member| !matches!(member.phase, Phase::Starting(_)));
                let asked = asked.map(|member| member.process).collect();
                let own = own.and_then(|own| own.metrics());
                let replies = own.map(|text| (std::process::id(), Reply::good(text)));
                return self.ask(question, asked, replies.into_iter().collect(), reply);
            }
        };
        // Who does not wait any more is told nothing.
        let _ = reply.send(answer);
    }

    fn ask(
        &mut self,
        question: Question,
        asked: Vec<u32>,
        replies: Vec<(u32, Reply)>,
        reply: oneshot::Sender<Reply>,
    ) {
        self.probing.asked += 1;
        let number = self.probing.asked;
        for member in self.members.iter().filter(|member| asked.contains(&member.process)) {
            member.tell(&Command::Ask(number, question));
        }
        let since = Instant::now();
        self.probing.open.push(Open { number, question, since, waiting: asked, replies, reply });
        self.finish_inquiries();
    }

    /// A worker has answered.
    pub(super) fn hear_answer(&mut self, process: u32, number: u64, reply: Reply) {
        if let Some(open) = self.probing.open.iter_mut().find(|open| open.number == number) {
            open.waiting.retain(|waiting| *waiting != process);
            if open.question == Question::Metrics {
                self.probing.last.insert(process, reply.text.clone());
            }
            open.replies.push((process, reply));
        }
        self.finish_inquiries();
    }

    /// A worker says what it has counted, and then ends.
    pub(super) fn hear_counted(&mut self, process: u32, text: &str) {
        self.probing.last.remove(&process);
        for open in &mut self.probing.open {
            open.replies.retain(|(replied, _)| *replied != process);
        }
        self.probing.counted.add(text, lasting(text));
    }

    /// The own event loops have ended, with what they have counted.
    pub(super) fn keep_own_figures(&mut self) {
        if let Some(text) = self.probing.local.as_ref().and_then(Local::metrics) {
            self.probing.counted.add(&text, lasting(&text));
        }
    }

    /// A worker is gone, and answers no more.
    pub(super) fn forget(&mut self, process: u32) {
        // One that was killed has said nothing at its end. What it had counted stays true.
        if let Some(text) = self.probing.last.remove(&process) {
            self.probing.counted.add(&text, lasting(&text));
        }
        for open in &mut self.probing.open {
            open.waiting.retain(|waiting| *waiting != process);
        }
        self.finish_inquiries();
    }

    /// Counts a worker that was replaced.
    pub(super) fn count_restart(&mut self, reason: &'static str) {
        match self.probing.restarts.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => self.probing.restarts.push((reason, 1)),
        }
    }

    /// Answers what can be answered.
    pub(super) fn finish_inquiries(&mut self) {
        let done = |open: &mut Open| {
            open.waiting.is_empty() || open.since.elapsed() > PATIENCE || open.reply.is_closed()
        };
        let done: Vec<Open> = self.probing.open.extract_if(.., done).collect();
        for open in done {
            let answer = match open.question {
                Question::Metrics => self.sum(&open.replies, &open.waiting),
                Question::Ready | Question::Alive => judged(&open),
            };
            let _ = open.reply.send(answer);
        }
    }

    /// What all processes have counted together.
    fn sum(&self, replies: &[(u32, Reply)], waiting: &[u32]) -> Reply {
        let mut sum = self.probing.counted.clone();
        for (_, reply) in replies {
            sum.add(&reply.text, |_| true);
        }
        for process in waiting {
            // It hangs.
            let last = self.probing.last.get(process);
            sum.add(last.map_or("", String::as_str), |_| true);
        }
        if self.own.is_none() || self.retired {
            sum.add(&self.workers(), |_| true);
        }
        Reply::good(sum.text())
    }

    /// What only the master knows.
    fn workers(&self) -> String {
        let serving = self.members.iter().filter(|member| member.is_serving()).count();
        let mut text = format!(
            "# HELP aiopyramid_workers Worker processes that serve.\n# TYPE aiopyramid_workers gauge\naiopyramid_workers {serving}\n\
             # HELP aiopyramid_worker_restarts Worker processes that were replaced.\n# TYPE aiopyramid_worker_restarts counter\n"
        );
        for (reason, count) in &self.probing.restarts {
            let _ = writeln!(text, "aiopyramid_worker_restarts_total{{reason=\"{reason}\"}} {count}");
        }
        text
    }
}

/// Whether all are ready, and if not, why.
fn judged(open: &Open) -> Reply {
    let bad = open.replies.iter().filter(|(_, reply)| !reply.good);
    let said = bad.map(|(process, reply)| format!("worker {process}: {}", reply.text.trim_end()));
    let silent = open.waiting.iter().map(|process| format!("worker {process} does not answer"));
    let complaints: Vec<String> = said.chain(silent).collect();
    match &complaints[..] {
        [] if open.replies.is_empty() => Reply::bad("no worker serves"),
        [] => Reply::good("ready"),
        complaints => Reply::bad(complaints.join("\n")),
    }
}
