//! Floor 3: a request becomes a response. No sockets, no inventory.
//!
//! Landings inside it, each naming only those before: the words (`request`, `response`, `http_exception`, `settings`,
//! `limits`, `origin`, `type_key`), the `executor`, the contracts (`view`, `tween`, `extract`, `route`,
//! `traversal`, `security`, `session`, `csrf`, `asset`, `event`, `callback`, `websocket`), the model (`application`), the pipeline (`router`).

pub(crate) mod http_exception;
pub(crate) mod limits;
pub(crate) mod origin;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod settings;
pub(crate) mod type_key;

pub(crate) mod callback;

pub mod executor;

#[cfg(feature = "static")]
pub mod asset;
pub mod csrf;
pub mod event;
pub mod extract;
pub mod route;
pub mod security;
pub mod session;
pub mod traversal;
pub mod tween;
pub mod view;
#[cfg(feature = "websocket")]
pub mod websocket;

pub(crate) mod application;
pub(crate) mod deriver;

pub(crate) mod router;
