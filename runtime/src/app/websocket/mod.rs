//! Sockets that stay open: what comes and goes, who may open one, what is called with it.
//!
//! [`macro@websocket`] makes a view of an `async fn` that takes a [`WebSocket`], or of a struct that
//! implements [`WebSocketView`]. It is found as every view is, and predicates, permission and tweens stand before it: a
//! handshake that is refused is an ordinary answer.

mod error;
mod handshake;
mod message;
mod options;
mod outcome;
mod socket;
mod view;

pub use tokio_tungstenite::tungstenite::Utf8Bytes;
pub use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
pub use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};

pub use error::WebSocketError;
pub use handshake::{serve, serve_view};
pub use message::{FromMessage, IntoMessage};
pub use options::{AllowedOrigin, SlowReader, WebSocketOptions};
pub use outcome::IntoOutcome;
pub use socket::WebSocket;
pub use view::{Callback, PlainCallbacks, WebSocketView};
