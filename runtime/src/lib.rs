//! A web framework in the manner of Pyramid: annotate functions and structs, compile, run the binary.
//!
//! In the making: what is public here is the server floor and the executor, on which the rest will stand.

pub mod error;
pub mod protocol;
pub mod server;

/// Floor 3: a request becomes a response.
pub mod app {
    pub mod executor;
}

pub use error::{Error, Result};
