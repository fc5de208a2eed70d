//! Sockets that stay open (RFC 6455): what comes and goes, who may open one, what is called with it.
//!
//! [`macro@websocket`](macro@crate::websocket) makes a view of an `async fn` that takes a [`WebSocket`], or of a struct that
//! implements [`WebSocketView`]. It is found as every view is, and predicates, permission and tweens stand before it: a
//! handshake that is refused is an ordinary answer.
//!
//! | file | what |
//! |---|---|
//! | `handshake` | from a request to a socket |
//! | `driver` | the task of a socket: reads, writes, polls the view, keeps the time |
//! | `state`, `shared` | what the driver, the view and senders have in common |
//! | `waiting` | who is to be woken |
//! | `rooms` | sockets that hear the same, also in other processes |

mod buffer;
mod driver;
mod error;
mod handshake;
mod message;
mod options;
mod outcome;
mod output;
mod rooms;
mod sender;
mod settled;
mod shared;
mod socket;
mod state;
mod view;
mod waiting;

pub use crate::protocol::websocket::{CloseCode, CloseFrame, Message, Utf8Bytes};

pub use error::WebSocketError;
pub(crate) use handshake::accept;
pub use message::{FromMessage, IntoMessage};
pub use options::{AllowedOrigin, SlowReader, WebSocketOptions};
pub use outcome::IntoOutcome;
pub use rooms::{Broker, BrokerFuture, Delivery, Letter, Membership, Room, Rooms};
pub use sender::{PreparedMessage, WebSocketSender};
pub(crate) use settled::{OriginSetting, WebSocketSettings};
pub use socket::WebSocket;
pub(crate) use view::run;
pub use view::{Callback, PlainCallbacks, WebSocketView};
