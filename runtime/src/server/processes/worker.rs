//! The side of a worker: it serves, says how it is, and does what its master says.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::link::{Command, Link, Orders, Report, line};
use crate::server::health::Health;
use crate::server::probes::Local;
use crate::server::roster::Roster;
use crate::server::shutdown::Stage;
use crate::server::signals::{Sent, Signals};
use crate::server::{LOG, Reopen, ServerConfig, ServerHandle, ShutdownReport};

/// The longest time between two signs of life.
const SLOWEST: Duration = Duration::from_secs(1);

/// What a worker does with what its supervisor says.
type Hear = Box<dyn Fn(&str) + Send>;

/// What a worker and its supervisor have to say to each other, which is nothing that the server understands.
#[cfg_attr(not(feature = "reload"), allow(dead_code, reason = "without it, nobody supervises but a master"))]
pub(crate) struct Supervision {
    /// What the worker says, before it says that it serves.
    pub(crate) said: String,
    /// What it does with what it is told.
    pub(crate) hear: Hear,
}

impl fmt::Debug for Supervision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervision").field("said", &self.said).finish_non_exhaustive()
    }
}

/// Accompanies a worker that serves already, until `ended` is ready.
///
/// # Errors
/// Where the system does not take the pair into an event queue.
pub(in crate::server) async fn serve_as_worker<E>(
    link: Link,
    config: &ServerConfig,
    handle: &ServerHandle,
    local: &Local,
    signals: Option<Signals>,
    reopen: &Reopen,
    ended: impl Future<Output = Result<ShutdownReport, E>>,
) -> io::Result<Result<ShutdownReport, E>> {
    link.stream.set_nonblocking(true)?;
    let (read, mut write) = tokio::net::UnixStream::from_std(link.stream)?.into_split();
    let (said, hear) = link.supervision.map(|Supervision { said, hear }| (said, hear)).unzip();
    if let Some(said) = said {
        say(&mut write, &Report::Said(said)).await;
    }
    say(&mut write, &Report::Ready(Orders::of(config))).await;
    let (answers, answered) = unbounded_channel();
    let result = tokio::select! {
        result = ended => result,
        never = obey(read, handle, reopen, hear, local, answers) => match never {},
        never = heed(signals, handle, reopen) => match never {},
        never = report(&mut write, config, &local.rosters, answered) => match never {},
    };
    // What was being written may have been left in the middle of its line.
    let _ = write.write_all(b"\n").await;
    if let Some(text) = local.metrics() {
        say(&mut write, &Report::Counted(text)).await;
    }
    if let Ok(report) = &result {
        say(&mut write, &Report::Ended(report.finished, report.cut)).await;
    }
    Ok(result)
}

enum Never {}

async fn say(write: &mut OwnedWriteHalf, report: &Report) {
    // A master that is gone hears nothing; that is noticed by the other direction.
    let _ = write.write_all(line(report).as_bytes()).await;
}

/// Does what the master says. A master that is gone is a stop too: nobody would replace this worker, or end it.
async fn obey(
    read: OwnedReadHalf,
    handle: &ServerHandle,
    reopen: &Reopen,
    hear: Option<Hear>,
    local: &Local,
    answers: UnboundedSender<Report>,
) -> Never {
    let mut lines = BufReader::new(read).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match serde_json::from_str(&line) {
            Ok(Command::Drain) => handle.shutdown(),
            Ok(Command::Quit) => handle.quit(),
            Ok(Command::Reopen) => reopen.call(),
            Ok(Command::Tell(text)) => {
                if let Some(hear) = &hear {
                    hear(&text);
                }
            }
            Ok(Command::Ask(number, question)) => {
                let (local, answers) = (local.clone(), answers.clone());
                tokio::spawn(async move {
                    // Nobody listens any more where the worker ends.
                    let _ = answers.send(Report::Answered(number, local.answer(question).await));
                });
            }
            Err(error) => tracing::debug!(%error, line, "a master that cannot be understood"),
        }
    }
    if !handle.is_stopping() {
        tracing::warn!(target: LOG, "the master is gone, worker {} stops", std::process::id());
        handle.shutdown();
    }
    std::future::pending().await
}

/// A worker obeys the signals that are meant for it alone. What the keyboard sends reaches the master too, which decides.
async fn heed(signals: Option<Signals>, handle: &ServerHandle, reopen: &Reopen) -> Never {
    let Some(mut signals) = signals else { return std::future::pending().await };
    loop {
        match signals.next().await {
            Sent::Term => drop(handle.advance(Stage::Draining)),
            Sent::Quit => drop(handle.advance(Stage::Quitting)),
            Sent::Usr1 => reopen.call(),
            _ => {}
        }
    }
}

/// Says how the worker is.
async fn report(
    write: &mut OwnedWriteHalf,
    config: &ServerConfig,
    rosters: &[Arc<Roster>],
    mut answers: UnboundedReceiver<Report>,
) -> Never {
    let limit = config.worker_timeout;
    let interval = if limit.is_zero() { SLOWEST } else { (limit / 4).min(SLOWEST) };
    let most = most_requests(config);
    let (mut stuck, mut spent) = (false, false);
    let mut health = Health::of(rosters);
    let mut clock = tokio::time::interval(interval);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    clock.tick().await;
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            Some(answer) = answers.recv() => {
                say(write, &answer).await;
                continue;
            }
        }
        let standstills: Vec<Duration> = health.standstills().collect();
        if standstills.iter().all(|standstill| *standstill >= interval * 2) {
            // The master hears nothing, and knows what to do.
            continue;
        }
        say(write, &Report::Alive).await;
        if !stuck && !limit.is_zero() && standstills.iter().any(|standstill| *standstill > limit) {
            stuck = true;
            say(write, &Report::Stuck).await;
        }
        if !spent
            && most.is_some_and(|most| rosters.iter().map(|roster| roster.answered()).sum::<usize>() >= most)
        {
            spent = true;
            say(write, &Report::Spent).await;
        }
    }
}

/// After how many requests this worker has done enough: not all at the same time.
fn most_requests(config: &ServerConfig) -> Option<usize> {
    let most = config.max_requests.filter(|most| *most > 0)?;
    let jitter = u64::try_from(config.max_requests_jitter).unwrap_or(u64::MAX).saturating_add(1);
    let random = RandomState::new().build_hasher().finish() % jitter;
    Some(most.saturating_add(usize::try_from(random).unwrap_or(0)))
}
