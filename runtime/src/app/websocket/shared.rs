//! What of a socket its driver, its view and whoever sends to it have in common.
//!
//! All of them hold the [`State`] behind one lock, which is held for as long as a message takes to be decoded or encoded, and
//! never across an `await`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use super::state::{Outgoing, State};
use super::{CloseCode, Message, SlowReader, WebSocketError};
use crate::protocol::websocket::{Decoder, Encoder, Prepared};

/// A socket, shared by its driver, its view and whoever sends to it.
#[derive(Debug, Clone)]
pub(super) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(super) fn new(
        decoder: Decoder,
        encoder: Encoder,
        outbox_limit: usize,
        slow_reader: SlowReader,
    ) -> Self {
        Self(Arc::new(Mutex::new(State::new(decoder, encoder, outbox_limit, slow_reader))))
    }

    /// What a panic leaves behind is valid after each single statement.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// What tells it from others while it exists.
    pub(super) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// The next message for the view.
    pub(super) fn poll_recv(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Message>, WebSocketError>> {
        self.lock().poll_recv(context)
    }

    /// Sends for the view: waits while there is much to be written.
    pub(super) fn poll_send(
        &self,
        context: &mut Context<'_>,
        message: &mut Option<Outgoing>,
    ) -> Poll<Result<(), WebSocketError>> {
        self.lock().poll_send(context, message)
    }

    /// Sends for somebody else, who can wait.
    pub(super) fn poll_enqueue(
        &self,
        context: &mut Context<'_>,
        message: &mut Option<Outgoing>,
    ) -> Poll<Result<(), WebSocketError>> {
        self.lock().poll_enqueue(context, message)
    }

    /// Sends for somebody else, who cannot wait.
    pub(super) fn enqueue(&self, message: Outgoing) -> Result<(), WebSocketError> {
        self.lock().enqueue(message)
    }

    /// Sends for somebody who says the same to many.
    pub(super) fn send_straight(&self, message: &Prepared) -> Result<(), WebSocketError> {
        self.lock().send_straight(message)
    }

    /// Begins the closing handshake.
    pub(super) fn begin_close(&self, code: CloseCode, reason: &str) -> Result<(), WebSocketError> {
        self.lock().begin_close(code, reason)
    }

    /// Ends when the socket is closed, in whichever way.
    pub(super) fn poll_closed(&self, context: &mut Context<'_>) -> Poll<()> {
        self.lock().poll_closed(context)
    }
}
