//! The sockets that a server listens at.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};

use socket2::{Domain, Protocol, Socket, Type};

use super::ServerError;

/// One address that is listened at.
///
/// All event loops share the one open socket: each has a descriptor of its own for it, but the kernel keeps one queue, so
/// that a loop that ends takes no waiting connections with it. (`SO_REUSEPORT` would give each loop a queue of its own.)
#[derive(Debug)]
pub(super) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Opens every address that `text` stands for.
    ///
    /// # Errors
    /// [`ServerError::Address`] where it stands for none, [`ServerError::Listen`] where one of them does not open.
    pub(super) fn open(text: &str, backlog: u32) -> Result<Vec<Self>, ServerError> {
        let unreadable = |source| ServerError::Address { address: text.into(), source };
        let found: Vec<SocketAddr> = text.to_socket_addrs().map_err(unreadable)?.collect();
        if found.is_empty() {
            return Err(unreadable(io::Error::new(io::ErrorKind::NotFound, "the host has no address")));
        }
        let open = |address| {
            Self::open_one(address, backlog)
                .map_err(|source| ServerError::Listen { address: text.into(), source })
        };
        found.into_iter().map(open).collect()
    }

    fn open_one(address: SocketAddr, backlog: u32) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        if address.is_ipv6() {
            // Otherwise `[::]:80` and `0.0.0.0:80` could not both be listened at, on systems that map the one into the other.
            socket.set_only_v6(true)?;
        }
        // Connections of the last run that are still in TIME_WAIT must not keep the next one from starting.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
        let socket = TcpListener::from(socket);
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
    }

    /// The address, with the port that the system chose where 0 was asked for.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Another descriptor for the same open socket.
    pub(super) fn share(&self) -> io::Result<Self> {
        Ok(Self { socket: self.socket.try_clone()?, address: self.address })
    }

    /// Hands the socket to the event loop of this thread.
    pub(super) fn into_socket(self) -> io::Result<tokio::net::TcpListener> {
        tokio::net::TcpListener::from_std(self.socket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_zero_becomes_a_real_port() {
        let listeners = Listener::open("127.0.0.1:0", 16).unwrap();
        assert_eq!(listeners.len(), 1);
        assert_ne!(listeners[0].address().port(), 0);
    }

    #[test]
    fn a_port_in_use_is_named_in_one_line() {
        let held = Listener::open("127.0.0.1:0", 16).unwrap();
        let address = held[0].address().to_string();
        let error = Listener::open(&address, 16).unwrap_err();
        let said = error.to_string();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains(&address) && said.contains("already"), "{said}");
    }

    #[test]
    fn text_that_is_no_address_is_named() {
        for text in ["6543", "127.0.0.1", "127.0.0.1:port"] {
            let error = Listener::open(text, 16).unwrap_err();
            assert!(matches!(error, ServerError::Address { .. }), "{text}: {error}");
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn both_families_can_share_a_port() {
        let four = Listener::open("0.0.0.0:0", 16).unwrap();
        let six = Listener::open(&format!("[::]:{}", four[0].address().port()), 16);
        // A machine without IPv6 cannot show it.
        if let Err(ServerError::Listen { source, .. }) = &six {
            assert_ne!(source.kind(), io::ErrorKind::AddrInUse);
        }
    }
}
