//! A socket as its view has it.

use super::{CloseCode, CloseFrame, FromMessage, IntoMessage, Message};
use crate::error::Result;

/// An open socket.
#[derive(Debug)]
pub struct WebSocket(());

impl WebSocket {
    /// The next message; `None` when the socket is closed.
    ///
    /// # Errors
    /// When the client breaks the protocol or a limit.
    pub async fn recv(&mut self) -> Result<Option<Message>> {
        Ok(None)
    }

    /// The next message as an `M`.
    ///
    /// # Errors
    /// As [`recv`](Self::recv), and when the message cannot be read as an `M`.
    pub async fn recv_as<M: FromMessage>(&mut self) -> Result<Option<M>> {
        match self.recv().await? {
            Some(message) => Ok(Some(M::from_message(message)?)),
            None => Ok(None),
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn send(&mut self, message: impl IntoMessage) -> Result<()> {
        message.into_message().map(drop)
    }

    /// As [`send`](Self::send), from blocking code.
    ///
    /// # Errors
    /// As there.
    pub fn blocking_send(&mut self, message: impl IntoMessage) -> Result<()> {
        message.into_message().map(drop)
    }

    /// Closes the socket.
    ///
    /// # Errors
    /// None so far.
    pub async fn close(&mut self, code: CloseCode, reason: &str) -> Result<()> {
        let _ = (code, reason);
        Ok(())
    }

    /// What the client closed the socket with.
    pub fn close_frame(&self) -> Option<&CloseFrame> {
        None
    }

    pub(super) fn again(&self) -> Self {
        Self(())
    }
}
