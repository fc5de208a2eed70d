//! WebSocket (RFC 6455) as bytes: the handshake, frames, messages, closing, and permessage-deflate (RFC 7692).
//!
//! Nothing here reads or writes a socket. A [`Decoder`] takes messages out of what was read, an [`Encoder`] puts them into
//! what is to be written, [`handshake`] judges a request and says what to answer. The messages are tungstenite's, so that they
//! can be handed to and from its clients; the codec is our own, since tungstenite refuses compressed frames and ends a
//! violation without saying so to the peer.
//!
//! What is guarded here: nothing is allocated by a length that was only claimed, a frame over the limit is refused at its
//! header, a compressed message while it is inflated, and bad UTF-8 with the first byte that is wrong.

mod assembly;
pub(crate) mod close;
mod decoder;
pub(crate) mod deflate;
mod encoder;
mod frame;
pub(crate) mod handshake;
mod mask;
mod prepared;
#[cfg(test)]
mod tests;
mod utf8;
mod violation;

pub use tokio_tungstenite::tungstenite::protocol::CloseFrame;
pub(crate) use tokio_tungstenite::tungstenite::protocol::Role;
pub use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
pub use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

pub(crate) use decoder::{Decoder, SizeLimits};
pub(crate) use encoder::Encoder;
pub(crate) use prepared::Prepared;
pub(crate) use violation::Violation;
