//! Floor 3: a request becomes a response. No sockets, no inventory.
//!
//! Landings inside it, each naming only those before: the words (`request`, `response`, `http_exception`, `settings`,
//! `limits`, `origin`), the `executor`, the contracts (`view`, `extract`, `route`), the model (`application`), the pipeline
//! (`router`).

pub mod http_exception;
pub mod limits;
pub mod origin;
pub mod request;
pub mod response;
pub mod settings;

pub mod executor;

pub mod extract;
pub mod route;
pub mod view;

pub mod application;

pub mod router;
