//! What `#[websocket]` expands to calls of.

pub use crate::app::application::websockets::{serve, serve_view};
pub use crate::app::websocket::{
    AllowedOrigin, Callback, CloseFrame, IntoOutcome, Message, PlainCallbacks, SlowReader, WebSocket,
    WebSocketOptions,
};
use crate::error::Result;

/// What a function that was given a socket returned.
///
/// # Errors
/// The function's.
pub fn outcome<O: IntoOutcome>(outcome: O) -> Result<()> {
    outcome.into_outcome()
}
