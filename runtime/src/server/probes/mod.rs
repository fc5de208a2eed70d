//! Whether the server is well: what a supervisor, a load balancer and Prometheus ask at a listener of their own.
//!
//! [`listener`] understands the questions. They are answered by whoever looks after the process, because a master has to ask its
//! workers; what one process can say by itself, [`Local`] says.

mod listener;
mod local;

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

pub(super) use self::listener::Probed;
pub(super) use self::local::{Local, Readiness};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Question {
    /// Whether the process is alive; if not, it is to be started anew.
    Alive,
    /// Whether it should be sent requests.
    Ready,
    /// What it has counted.
    Metrics,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reply {
    /// Whether all is well.
    pub(super) good: bool,
    pub(super) text: String,
}

impl Reply {
    pub(super) fn good(text: impl Into<String>) -> Self {
        Self { good: true, text: text.into() }
    }

    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self { good: false, text: text.into() }
    }
}

/// A question, and who waits for the answer.
#[derive(Debug)]
pub(super) struct Inquiry {
    pub(super) question: Question,
    pub(super) reply: oneshot::Sender<Reply>,
}

/// Questions that may wait to be answered. Who asks more gets no answer.
const WAITING: usize = 64;

/// The way of questions to who answers them.
pub(super) fn inquiries() -> (mpsc::Sender<Inquiry>, mpsc::Receiver<Inquiry>) {
    mpsc::channel(WAITING)
}
