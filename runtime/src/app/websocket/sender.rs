//! A socket as others have it.

use std::fmt;
use std::future::poll_fn;
use std::hash::{Hash, Hasher};

use super::shared::Shared;
use super::state::Outgoing;
use super::{CloseCode, IntoMessage};
use crate::error::Result;
use crate::protocol::websocket::Prepared;

/// A socket as others have it: other sockets, tasks, views. Cheap to clone; a clone is for the same socket.
///
/// What is sent waits in the socket's outbox until the client takes it. How many may wait, and what becomes of a client that
/// does not, is settled by the view (`outbox`, `slow_reader`).
#[derive(Clone)]
pub struct WebSocketSender(Shared);

/// A message that many get: encoded once, and compressed once, however many they are. A clone is the same memory.
#[derive(Debug, Clone)]
pub struct PreparedMessage(Prepared);

impl PreparedMessage {
    /// Prepares a message.
    ///
    /// # Errors
    /// Where none can be made of the value.
    pub fn new(message: impl IntoMessage) -> Result<Self> {
        Ok(Self(Prepared::new(message.into_message()?)))
    }
}

impl WebSocketSender {
    pub(super) fn new(shared: Shared) -> Self {
        Self(shared)
    }

    /// Sends a message. Where the outbox is full and the policy is to wait, waits.
    ///
    /// # Errors
    /// When the socket is closed, when it is closed for being slow, and where no message can be made of the value.
    pub async fn send(&self, message: impl IntoMessage) -> Result<()> {
        let mut message = Some(Outgoing::Message(message.into_message()?));
        Ok(poll_fn(|context| self.0.poll_enqueue(context, &mut message)).await?)
    }

    /// Sends a message without waiting. Where the outbox is full and the policy is to wait, which this does not, the socket is
    /// closed with 1013.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn try_send(&self, message: impl IntoMessage) -> Result<()> {
        Ok(self.0.enqueue(Outgoing::Message(message.into_message()?))?)
    }

    /// Sends a message that was prepared for many, without waiting.
    ///
    /// # Errors
    /// As [`try_send`](Self::try_send).
    pub fn try_send_prepared(&self, message: &PreparedMessage) -> Result<()> {
        Ok(self.0.enqueue(Outgoing::Prepared(message.0.clone()))?)
    }

    /// As [`try_send_prepared`](Self::try_send_prepared), past the task of the socket where that can be done.
    pub(super) fn send_straight(&self, message: &PreparedMessage) -> Result<()> {
        Ok(self.0.send_straight(&message.0)?)
    }

    /// Whether something waits to be written.
    pub(super) fn is_behind(&self) -> bool {
        self.0.lock().is_behind()
    }

    /// Closes the socket. Returns at once.
    ///
    /// # Errors
    /// For a code that must not be sent (RFC 6455 section 7.4).
    pub fn close(&self, code: impl Into<CloseCode>, reason: &str) -> Result<()> {
        Ok(self.0.begin_close(code.into(), reason)?)
    }

    /// Ends when the socket is closed, in whichever way.
    pub async fn closed(&self) {
        poll_fn(|context| self.0.poll_closed(context)).await;
    }

    /// Whether the socket is closed, or being closed.
    pub fn is_closed(&self) -> bool {
        self.0.lock().is_over()
    }
}

/// Two are equal that are for the same socket.
impl PartialEq for WebSocketSender {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(&other.0)
    }
}

impl Eq for WebSocketSender {}

impl Hash for WebSocketSender {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.address().hash(state);
    }
}

impl fmt::Debug for WebSocketSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketSender").field("is_closed", &self.is_closed()).finish()
    }
}
