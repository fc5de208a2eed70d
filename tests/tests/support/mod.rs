//! The application under test as a process of its own, and a client that says exactly what it is told to.
//!
//! Nothing here waits for time to pass. What is waited for happens, or the test fails after [`EVENTUALLY`].
#![allow(dead_code, unused_imports, reason = "each test program uses a part of it")]

mod client;
mod folder;
pub(crate) mod http2;
mod load;
pub(crate) mod peer;
mod process;
mod redis;

use std::time::Duration;

pub(crate) use client::{Client, Reply};
pub(crate) use folder::Folder;
pub(crate) use load::{Load, Outcome};
pub(crate) use peer::lacks;
pub(crate) use process::{App, Ended, TESTED, program, run, signal};
pub(crate) use redis::Redis;

/// Long enough for anything that happens at all.
pub(crate) const EVENTUALLY: Duration = Duration::from_mins(1);
