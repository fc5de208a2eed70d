//! What carries rooms over several processes and machines: a Redis server (feature `redis`).
//!
//! With the setting `websocket_rooms = redis://HOST:PORT/DB` an application has it, and nothing else changes. What needs more than
//! a URL is set by the program: [`RedisBroker`].
//!
//! | file | what |
//! |---|---|
//! | `redis_broker` | what a program sees of it |
//! | `worker` | the thread that has the connections: what is asked of it, and what comes |
//! | `link` | the connections, and that there are new ones when they are lost |
//! | `presence` | who is in a room, as a sorted set |

mod link;
mod presence;
mod redis_broker;
mod worker;

pub use redis_broker::RedisBroker;
