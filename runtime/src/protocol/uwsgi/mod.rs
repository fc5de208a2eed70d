//! The uwsgi protocol: a request as nginx's `uwsgi_pass` and uWSGI's own routers send it.
//!
//! A packet is four bytes (modifier, length of a block, modifier) and the block: names and values, each with its length before
//! it. The body follows as it is. There is no answer in the protocol: what goes back is HTTP/1.1.
//!
//! So the whole of it is one translation, from the block to the head of a request in HTTP/1.1 and [what the server in front
//! knows of the client](Front). Everything after that, from the body in both directions to an upgrade, is HTTP, and is not
//! done a second time. What the translation writes can be read in one way only: no value with a line break gets through, the
//! body has one length or one coding, and no field goes on that speaks of the connection between a client and the server in
//! front.
//!
//! Names follow CGI (RFC 3875) and WSGI (PEP 3333); what the two servers in fact send was measured with nginx 1.22 and uWSGI
//! 2.0.

mod front;
mod packet;
mod request;
mod target;
#[cfg(test)]
mod tests;

use http::StatusCode;

pub(crate) use self::front::Front;
pub(crate) use self::packet::{HEADER, block_length};
pub(crate) use self::request::{Translated, translate};

/// Why a packet is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// A line for whoever set up the server in front.
    pub(crate) text: &'static str,
}

const fn bad(text: &'static str) -> Refusal {
    Refusal { status: StatusCode::BAD_REQUEST, text }
}
