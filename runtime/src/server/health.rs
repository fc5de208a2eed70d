//! Whether the event loops turn.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::roster::Roster;

/// Asks each event loop for a sign of life, and knows how long each has been without one.
///
/// The sign is the loop's clock, which its own thread moves. So a handler that holds the loop up stops it, and work in
/// threads of the executor, however long it takes, does not.
#[derive(Debug)]
pub(super) struct Health {
    loops: Vec<Life>,
}

#[derive(Debug)]
struct Life {
    roster: Arc<Roster>,
    tick: u32,
    since: Instant,
}

impl Health {
    pub(super) fn of(rosters: &[Arc<Roster>]) -> Self {
        let since = Instant::now();
        let life =
            |roster: &Arc<Roster>| Life { roster: Arc::clone(roster), tick: roster.clock.now(), since };
        Self { loops: rosters.iter().map(life).collect() }
    }

    /// How long each loop has been without a sign of life; and asks for the next one. To be asked more often than what the
    /// answer is compared with.
    pub(super) fn standstills(&mut self) -> impl Iterator<Item = Duration> {
        let now = Instant::now();
        self.loops.iter_mut().map(move |life| {
            let tick = life.roster.clock.now();
            if tick != life.tick {
                (life.tick, life.since) = (tick, now);
            }
            life.roster.ask();
            now.duration_since(life.since)
        })
    }
}
