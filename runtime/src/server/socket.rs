//! One connection's socket, of either family.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use socket2::SockRef;
use tokio::io::{AsyncRead, Interest, ReadBuf, Ready};
use tokio::net::{TcpStream, tcp};
#[cfg(unix)]
use tokio::net::{UnixStream, unix};

/// A connection that was just accepted.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    /// Has answers leave as they are written, not when the client acknowledges the one before. Without it they are late, no
    /// more.
    pub(super) fn send_at_once(&self) {
        match self {
            Self::Tcp(socket) => {
                let _ = socket.set_nodelay(true);
            }
            #[cfg(unix)]
            Self::Unix(_) => {}
        }
    }

    /// Our side's address, if it has one.
    pub(super) fn local_addr(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(socket) => socket.local_addr().ok(),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }

    /// The half that reads, and the half that can be used behind a shared reference.
    pub(super) fn into_split(self) -> (ReadHalf, WriteHalf) {
        match self {
            Self::Tcp(socket) => {
                let (read, write) = socket.into_split();
                (ReadHalf::Tcp(read), WriteHalf::Tcp(write))
            }
            #[cfg(unix)]
            Self::Unix(socket) => {
                let (read, write) = socket.into_split();
                (ReadHalf::Unix(read), WriteHalf::Unix(write))
            }
        }
    }
}

/// The half that reads.
///
/// It is read through tokio's own type, which knows from a read that did not fill its buffer that the next one can wait for
/// the event loop: one call of the system less for each request than `try_read` takes.
#[derive(Debug)]
pub(super) enum ReadHalf {
    Tcp(tcp::OwnedReadHalf),
    #[cfg(unix)]
    Unix(unix::OwnedReadHalf),
}

impl ReadHalf {
    /// Waits until there is anything to read, which the end of the stream and an error are too.
    pub(super) fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(half) => half.as_ref().poll_read_ready(context),
            #[cfg(unix)]
            Self::Unix(half) => half.as_ref().poll_read_ready(context),
        }
    }
}

impl AsyncRead for ReadHalf {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_read(context, room),
            #[cfg(unix)]
            Self::Unix(half) => Pin::new(half).poll_read(context, room),
        }
    }
}

/// The half that writes, and whatever else can be asked of a socket behind a shared reference. Its drop closes our side.
#[derive(Debug)]
pub(super) enum WriteHalf {
    Tcp(tcp::OwnedWriteHalf),
    #[cfg(unix)]
    Unix(unix::OwnedWriteHalf),
}

/// Calls the same on either stream.
macro_rules! either {
    ($half:expr, $stream:ident => $call:expr) => {
        match $half {
            WriteHalf::Tcp(half) => {
                let $stream: &TcpStream = half.as_ref();
                $call
            }
            #[cfg(unix)]
            WriteHalf::Unix(half) => {
                let $stream: &UnixStream = half.as_ref();
                $call
            }
        }
    };
}

impl WriteHalf {
    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        either!(self, stream => stream.try_write(bytes))
    }

    pub(super) fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_write_ready(context))
    }

    pub(super) fn try_read(&self, room: &mut [u8]) -> io::Result<usize> {
        either!(self, stream => stream.try_read(room))
    }

    pub(super) async fn readable(&self) -> io::Result<()> {
        either!(self, stream => stream.readable().await)
    }

    /// What the event loop knows of the socket, without asking the system.
    pub(super) fn readiness(&self) -> Ready {
        // A socket that is open for writing is ready at once, so that no waker is kept for this.
        let mut context = Context::from_waker(Waker::noop());
        let interest = Interest::READABLE | Interest::WRITABLE;
        let ready = either!(self, stream => pin!(stream.ready(interest)).poll(&mut context));
        match ready {
            Poll::Ready(Ok(ready)) => ready,
            _ => Ready::EMPTY,
        }
    }

    pub(super) fn system(&self) -> SockRef<'_> {
        either!(self, stream => SockRef::from(stream))
    }
}
