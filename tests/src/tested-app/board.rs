//! What has happened in the application, and the gates at which its views wait.

use std::sync::{Condvar, Mutex, PoisonError};

use aiopyramid::prelude::*;
use tokio::sync::watch;

/// The events of the application in their order. An open gate is an event too.
#[derive(Debug, Default)]
pub(crate) struct Board {
    events: watch::Sender<Vec<String>>,
    /// Holds nothing: it orders the blocking views' look at the events and the call that wakes them.
    order: Mutex<()>,
    changed: Condvar,
}

impl Board {
    pub(crate) fn record(&self, event: impl Into<String>) {
        self.events.send_modify(|events| events.push(event.into()));
        drop(self.order.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    fn count(&self, event: &str) -> usize {
        self.events.borrow().iter().filter(|known| *known == event).count()
    }

    /// Waits on the event loop until `event` has happened so many times.
    pub(crate) async fn wait(&self, event: &str, times: usize) {
        let mut events = self.events.subscribe();
        let happened = |events: &Vec<String>| events.iter().filter(|known| *known == event).count() >= times;
        // The board is the sender, and it is here.
        let _ = events.wait_for(happened).await;
    }

    /// Waits in a thread of a pool until `event` has happened.
    pub(crate) fn block(&self, event: &str) {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        while self.count(event) == 0 {
            order = self.changed.wait(order).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The gate, as an event.
pub(crate) fn opened(gate: &str) -> String {
    format!("{gate} opens")
}

/// Everything that has happened.
#[view_config(route = "/events", renderer = "json")]
async fn events(board: State<Board>) -> Vec<String> {
    board.events.borrow().clone()
}

/// How often something has to happen.
#[derive(serde::Deserialize)]
struct Times {
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

/// Answers once something has happened.
#[view_config(route = "/wait/{event}")]
async fn wait(event: String, times: Query<Times>, board: State<Board>) {
    board.wait(&event, times.times).await;
}

/// Opens a gate.
#[view_config(route = "/open/{gate}", request_method = "GET")]
async fn open(gate: String, board: State<Board>) {
    board.record(opened(&gate));
}

/// Opens a gate once the body of the request is there.
#[view_config(route = "/open/{gate}", request_method = "POST")]
async fn open_later(gate: String, _body: bytes::Bytes, board: State<Board>) {
    board.record(opened(&gate));
}
