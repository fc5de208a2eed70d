//! More than one process: workers under a master, a new program in place of an old one.
//!
//! A process that looks after others never hands a connection over. It starts the program again, as a *worker* that serves or
//! as a *successor* that takes its own place, and passes on its listening sockets through a socket pair, which is the other
//! one's standard input. The kernel keeps one queue of connections for all who hold a socket, so that none is lost while they
//! change. The pair stays open, and each notices by its end that the other one is gone.

mod handover;
mod link;
mod master;
mod member;
mod program;
#[cfg(feature = "reload")]
mod supervised;
mod worker;

pub(super) use self::link::{Entry, Link, Role};
pub(super) use self::master::{Master, Own, Probing};
#[cfg(feature = "reload")]
pub(crate) use self::supervised::{Supervised, WorkerNews, WorkerProcess};
#[cfg(feature = "reload")]
pub(crate) use self::worker::Supervision;
pub(super) use self::worker::serve_as_worker;
