//! Floor 1: bytes and grammar. No sockets, no tasks, no views.

pub(crate) mod accept;
pub(crate) mod body;
pub(crate) mod connection_info;
pub(crate) mod negotiation;
pub mod pattern;
pub(crate) mod spare_headers;
pub mod url;
