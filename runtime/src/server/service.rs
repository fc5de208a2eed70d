//! What a server asks of an application.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::Service;

use crate::protocol::connection_info::ConnectionInfo;

/// Makes the service of one connection: all that a [`Server`](super::Server) knows of an application.
///
/// What reaches the service has been checked: HTTP/1.1 has exactly one well-formed `Host`; HTTP/2 has a `host` field too,
/// made of `:authority` where the client sent none, and one `cookie` field.
///
/// A request that may become something else has hyper's [`OnUpgrade`](hyper::upgrade::OnUpgrade) among its extensions, whatever
/// carries it: the stream of bytes that there is after an answer of 101.
///
/// A service future that is dropped before it is ready has lost its client or run out of time.
pub trait MakeConnectionService: Clone + Send + Sync + 'static {
    /// Answers the requests of one connection, on HTTP/2 several at a time.
    type Service: Service<
            http::Request<Incoming>,
            Response = http::Response<Self::Body>,
            Error = Infallible,
            Future: Send + 'static,
        > + Send
        + 'static;

    /// The body of its responses.
    type Body: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static;

    /// The service for a connection that was just accepted.
    fn connect(&self, connection: Arc<ConnectionInfo>) -> Self::Service;

    /// Ready when nothing is left to be done that outlives its connection. A graceful stop waits for it, within its limit of
    /// time.
    fn settled(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}
