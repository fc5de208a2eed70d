//! Floor 1: bytes and grammar. No sockets, no tasks, no views.

pub mod body;
pub mod connection_info;
pub mod negotiation;
