//! What carries the bytes of a connection: its socket, in the clear or inside TLS.

#[cfg(feature = "tls")]
use std::io;
use std::pin::Pin;
#[cfg(feature = "tls")]
use std::sync::Arc;
#[cfg(feature = "tls")]
use std::task::ready;
use std::task::{Context, Poll};

use bytes::Bytes;
#[cfg(feature = "tls")]
use tokio::io::AsyncWrite;
use tokio::io::{AsyncRead, ReadBuf};
#[cfg(feature = "tls")]
use tokio_rustls::{Accept, server::TlsStream};

use super::super::socket::ReadHalf;
#[cfg(feature = "tls")]
use super::super::tls::Tls;
#[cfg(feature = "tls")]
use super::state::ConnectionState;

/// What carries the bytes of a connection.
pub(super) enum Wire {
    /// The socket; its other half is used through the connection's state.
    Plain(ReadHalf),
    #[cfg(feature = "tls")]
    Sealed(Box<Sealed>),
}

impl Wire {
    /// Inside TLS; `ahead` are bytes that have been read of it already.
    #[cfg(feature = "tls")]
    pub(super) fn sealed(tls: &Tls, read: ReadHalf, ahead: Bytes, state: Arc<ConnectionState>) -> Self {
        let raw = Raw { read, ahead, state };
        Self::Sealed(Box::new(Sealed::Opening(tls.0.accept(raw))))
    }

    pub(super) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        match self {
            Self::Plain(socket) => Pin::new(socket).poll_read(context, room),
            #[cfg(feature = "tls")]
            Self::Sealed(sealed) => Pin::new(ready!(sealed.poll_open(context))?).poll_read(context, room),
        }
    }

    /// Waits until there is anything to read. What had to be read to find that out is given back.
    pub(super) fn poll_anything(&mut self, context: &mut Context<'_>) -> Poll<Bytes> {
        match self {
            Self::Plain(socket) => socket.poll_read_ready(context).map(|_| Bytes::new()),
            #[cfg(feature = "tls")]
            Self::Sealed(_) => {
                // A socket that has bytes may have none of the client's in them.
                let mut room = [0; 2048];
                let mut room = ReadBuf::new(&mut room);
                let polled = ready!(self.poll_read(context, &mut room));
                Poll::Ready(polled.map_or_else(|_| Bytes::new(), |()| Bytes::copy_from_slice(room.filled())))
            }
        }
    }
}

/// TLS on a socket.
#[cfg(feature = "tls")]
pub(super) enum Sealed {
    Opening(Accept<Raw>),
    Open(TlsStream<Raw>),
    Broken,
}

#[cfg(feature = "tls")]
impl Sealed {
    /// Waits for the end of the handshake. Its limit of time is that of the first request's head, which it is part of.
    pub(super) fn poll_open(&mut self, context: &mut Context<'_>) -> Poll<io::Result<&mut TlsStream<Raw>>> {
        if let Self::Opening(accept) = self {
            match ready!(Pin::new(accept).poll(context)) {
                Ok(stream) => *self = Self::Open(stream),
                Err(error) => {
                    tracing::debug!(%error, "a client and this server do not come to terms on TLS");
                    *self = Self::Broken;
                }
            }
        }
        match self {
            Self::Open(stream) => Poll::Ready(Ok(stream)),
            _ => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}

/// The socket under TLS.
#[cfg(feature = "tls")]
pub(super) struct Raw {
    read: ReadHalf,
    ahead: Bytes,
    state: Arc<ConnectionState>,
}

#[cfg(feature = "tls")]
impl AsyncRead for Raw {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.ahead.is_empty() {
            let length = self.ahead.len().min(room.remaining());
            room.put_slice(&self.ahead.split_to(length));
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.read).poll_read(context, room)
    }
}

#[cfg(feature = "tls")]
impl AsyncWrite for Raw {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.state.poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
