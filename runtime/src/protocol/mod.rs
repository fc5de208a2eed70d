//! Floor 1: bytes and grammar. No sockets, no tasks, no views.

pub(crate) mod accept;
pub(crate) mod answered_by;
pub(crate) mod body;
pub(crate) mod body_pace;
#[cfg(feature = "static")]
pub(crate) mod conditional;
pub(crate) mod connection_info;
#[cfg(feature = "static")]
pub(crate) mod content_encoding;
pub(crate) mod cookie;
pub(crate) mod forwarding;
pub(crate) mod ini;
pub(crate) mod negotiation;
pub mod pattern;
pub(crate) mod python_json;
pub(crate) mod random;
pub(crate) mod signing;
pub(crate) mod spare_headers;
#[cfg(feature = "websocket")]
pub(crate) mod upgrade;
pub mod url;
pub(crate) mod uwsgi;
#[cfg(feature = "websocket")]
pub(crate) mod websocket;
