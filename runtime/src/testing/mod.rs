//! Testing an application without a port.
//!
//! A [`Client`] drives an [`App`](crate::App) inside the process: the whole of it, from the route to the error page, but for
//! the sockets. [`#[aiopyramid::test]`](macro@crate::test) gives a test an event loop and a client.
//!
//! ```
//! use aiopyramid::prelude::*;
//! use aiopyramid::testing::Client;
//!
//! #[view_config(route = "/hello/{name}")]
//! async fn hello(name: String) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! #[aiopyramid::test]
//! async fn everybody_is_greeted_by_name(client: Client) {
//!     let response = client.get("/hello/Ann").await;
//!     assert_eq!(response.status(), 200);
//!     assert_eq!(response.text(), "Hello, Ann!");
//! }
//! ```
//!
//! A view is an ordinary function, so the smallest test calls it: `hello("Ann".into()).await`.

mod client;
mod exchange;
mod run;
#[cfg(feature = "websocket")]
mod websocket;

pub use client::Client;
pub use exchange::{Pending, TestResponse};
pub use run::run_test;
#[cfg(feature = "websocket")]
pub use websocket::{PendingSocket, TestSocket};
