//! A web framework in the manner of Pyramid: annotate functions and structs, compile, run the binary.
//!
//! In the making: what is public here is the server floor and the executor, on which the rest will stand.

mod app;
pub mod error;
pub mod protocol;
pub mod server;

pub use app::executor;
pub use error::{Error, Result};
pub use protocol::connection_info::ConnectionInfo;
