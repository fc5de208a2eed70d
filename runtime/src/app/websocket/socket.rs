//! A socket as its view has it.

use std::fmt;
use std::future::poll_fn;

use super::shared::Shared;
use super::state::Outgoing;
use super::{CloseCode, CloseFrame, FromMessage, IntoMessage, Message, WebSocketSender};
use crate::app::executor::synchronize;
use crate::error::Result;

/// An open socket, as its view has it.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[websocket(route = "/echo")]
/// async fn echo(mut ws: WebSocket) -> Result<()> {
///     while let Some(message) = ws.recv().await? {
///         ws.send(message).await?;
///     }
///     Ok(())
/// }
/// ```
///
/// Pings are answered without the view, and sent where the client is silent. When the view returns, the socket is closed with
/// 1000; when it fails, with 1011 and a line in the log; when the server is being stopped, with 1001.
///
/// When the client has gone, [`recv`](Self::recv) gives `None` and [`send`](Self::send) fails; a view that takes notice of
/// neither is given up some seconds later (the setting `websocket_close_timeout`), unless it bears `on_disconnect = finish`.
pub struct WebSocket {
    shared: Shared,
    subprotocol: Option<&'static str>,
}

impl WebSocket {
    pub(super) fn new(shared: Shared, subprotocol: Option<&'static str>) -> Self {
        Self { shared, subprotocol }
    }

    /// The next message, [`Message::Text`] or [`Message::Binary`]; `None` when the socket is closed, by whomever, or the client
    /// has gone.
    ///
    /// Nothing is lost where the future is dropped before it is ready.
    ///
    /// # Errors
    /// [`WebSocketError::Violation`](super::WebSocketError::Violation) when the client breaks the protocol or a limit,
    /// [`WebSocketError::Silent`](super::WebSocketError::Silent) when it does not answer a ping. A view that
    /// passes them on with `?` has not failed.
    pub async fn recv(&mut self) -> Result<Option<Message>> {
        Ok(poll_fn(|context| self.shared.poll_recv(context)).await?)
    }

    /// The next message, read as an `M`: a `String`, `Bytes`, [`Json<T>`](crate::Json).
    ///
    /// # Errors
    /// As [`recv`](Self::recv), and [`WebSocketError::Unreadable`](super::WebSocketError::Unreadable) where the message is no `M`. Passed on with `?`, that closes
    /// the socket with 1003 or 1007.
    pub async fn recv_as<M: FromMessage>(&mut self) -> Result<Option<M>> {
        match self.recv().await? {
            Some(message) => Ok(Some(M::from_message(message)?)),
            None => Ok(None),
        }
    }

    /// Sends a message. Waits while more than 64 KiB wait to be written: what the client does not read, the view does not
    /// produce.
    ///
    /// # Errors
    /// [`WebSocketError::Closed`](super::WebSocketError::Closed) when the socket is closed, or is being closed; and where no message can be made of the value.
    pub async fn send(&mut self, message: impl IntoMessage) -> Result<()> {
        let mut message = Some(Outgoing::Message(message.into_message()?));
        Ok(poll_fn(|context| self.shared.poll_send(context, &mut message)).await?)
    }

    /// As [`send`](Self::send), for blocking code: a plain callback of a [`WebSocketView`](super::WebSocketView).
    ///
    /// # Errors
    /// As there; and on an event loop, which it would block ([`ScopeError`](crate::executor::ScopeError)).
    pub fn blocking_send(&mut self, message: impl IntoMessage) -> Result<()> {
        synchronize(self.send(message))?
    }

    /// Closes the socket, and waits for the client to do its part, or for that to take too long. Of the reason the client gets
    /// as much as fits, 123 bytes.
    ///
    /// Codes for applications are those from 3000 to 4999: `CloseCode::from(4001)`.
    ///
    /// # Errors
    /// [`WebSocketError::Unsendable`](super::WebSocketError::Unsendable) for a code that must not be sent (RFC 6455 section 7.4).
    pub async fn close(&mut self, code: impl Into<CloseCode>, reason: &str) -> Result<()> {
        self.shared.begin_close(code.into(), reason)?;
        poll_fn(|context| self.shared.poll_closed(context)).await;
        Ok(())
    }

    /// As [`close`](Self::close), for blocking code.
    ///
    /// # Errors
    /// As there; and on an event loop, which it would block ([`ScopeError`](crate::executor::ScopeError)).
    pub fn blocking_close(&mut self, code: impl Into<CloseCode>, reason: &str) -> Result<()> {
        synchronize(self.close(code, reason))?
    }

    /// What the client closed the socket with; `None` while it has not, and where it went without a word or without a code.
    pub fn close_frame(&self) -> Option<CloseFrame> {
        self.shared.lock().close_frame()
    }

    /// The subprotocol that was agreed on.
    pub fn subprotocol(&self) -> Option<&'static str> {
        self.subprotocol
    }

    /// What other tasks send with.
    pub fn sender(&self) -> WebSocketSender {
        WebSocketSender::new(self.shared.clone())
    }

    /// For a callback on another thread, while the view waits for it.
    pub(super) fn again(&self) -> Self {
        Self { shared: self.shared.clone(), subprotocol: self.subprotocol }
    }
}

impl fmt::Debug for WebSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocket").field("subprotocol", &self.subprotocol).finish_non_exhaustive()
    }
}
