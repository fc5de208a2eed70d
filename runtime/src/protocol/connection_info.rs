//! What is known of the connection that a request came by.

use std::net::SocketAddr;

/// What is known of the connection that a request came by; shared by all its requests.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ConnectionInfo {
    /// The client's address and port; `None` on a unix socket and in an in-process test.
    pub remote: Option<SocketAddr>,
    /// The address and port that the client reached; `None` as above.
    pub local: Option<SocketAddr>,
    /// Whether the bytes travelled encrypted, which makes the scheme `https`.
    pub secure: bool,
    /// What stands before the application's paths where a server in front takes it off, decoded: empty, or `/app`. It begins
    /// with a slash and does not end in one. CGI's `SCRIPT_NAME` (RFC 3875 section 4.1.13).
    pub script_name: String,
    /// Whether the connection is that of a server in front, and each request may have an `Arc<ConnectionInfo>` of its own
    /// among its extensions.
    pub(crate) forwarded: bool,
    /// Whether a record is kept of each request, which has an [`AnsweredBy`](super::answered_by::AnsweredBy) among its
    /// extensions therefore.
    pub(crate) recorded: bool,
}

impl ConnectionInfo {
    /// Of a connection between two addresses.
    pub fn new(remote: Option<SocketAddr>, local: Option<SocketAddr>) -> Self {
        Self { remote, local, ..Self::default() }
    }
}
