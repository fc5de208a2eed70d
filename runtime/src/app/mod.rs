//! Floor 3: a request becomes a response. No sockets, no inventory.

pub mod executor;
