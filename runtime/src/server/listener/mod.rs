//! The sockets that a server listens at.

mod address;
mod health;
#[cfg(unix)]
mod inherited;
#[cfg(unix)]
mod socket_file;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
#[cfg(unix)]
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
#[cfg(unix)]
use std::os::unix::net::UnixListener;

use socket2::{Domain, Protocol, Socket as SystemSocket, Type};

use self::address::{Address, Place};
#[cfg(unix)]
use super::privileges::Privileges;
#[cfg(unix)]
use super::processes::Entry;
use super::socket::Socket;
use super::{ServerConfig, ServerError};

pub(super) use self::address::Speaks;
#[cfg(unix)]
pub(super) use self::socket_file::SocketFile;

/// Where a server listens that is not told where.
const DEFAULT_ADDRESS: &str = "127.0.0.1:6543";

/// One socket that is listened at.
///
/// All event loops share the one open socket: each has a descriptor of its own for it, but the kernel keeps one queue, so
/// that a loop that ends takes no waiting connections with it. (`SO_REUSEPORT` would give each loop a queue of its own.)
#[derive(Debug)]
pub(super) struct Listener {
    socket: Bound,
    /// The entry of [`ServerConfig::listen`] that it comes from.
    text: String,
    speaks: Speaks,
    /// `None` for a unix socket.
    address: Option<SocketAddr>,
    #[cfg(unix)]
    file: Option<SocketFile>,
}

/// An open socket of either family, which does not block.
#[derive(Debug)]
enum Bound {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listener {
    /// Opens every address that `config` names.
    ///
    /// # Errors
    /// [`ServerError::Address`] for the first one that cannot be read or stands for nothing, [`ServerError::Listen`] for the
    /// first one that does not open.
    pub(super) fn open_all(config: &ServerConfig) -> Result<Vec<Self>, ServerError> {
        let default = [DEFAULT_ADDRESS.to_owned()];
        let texts: &[String] = if config.listen.is_empty() { &default } else { &config.listen };
        let mut addresses = Vec::new();
        for text in texts {
            let address = Address::read(text)
                .map_err(|source| ServerError::Address { address: text.clone(), source })?;
            addresses.push((text.as_str(), address));
        }
        let mut handed = Handed::take(&addresses)?;
        if !handed.named && !handed.sockets.is_empty() {
            tracing::info!("listening at the sockets of systemd, and not at {}", texts.join(", "));
            addresses = vec![("systemd", Address { speaks: None, place: Place::Systemd(None) })];
        }
        let mut listeners = Vec::new();
        for (text, address) in addresses {
            listeners.extend(Self::open(text, address, config, &mut handed)?);
        }
        Ok(listeners)
    }

    fn open(
        text: &str,
        address: Address,
        config: &ServerConfig,
        handed: &mut Handed,
    ) -> Result<Vec<Self>, ServerError> {
        let unreadable = |source| ServerError::Address { address: text.to_owned(), source };
        let closed = |source| ServerError::Listen { address: text.to_owned(), source };
        let default = if config.tls.is_some() { Speaks::Https } else { Speaks::Http };
        let speaks = address.speaks.unwrap_or(default);
        match address.place {
            Place::Tcp(host) => {
                let found: Vec<SocketAddr> = host.to_socket_addrs().map_err(unreadable)?.collect();
                if found.is_empty() {
                    return Err(unreadable(io::Error::new(
                        io::ErrorKind::NotFound,
                        "the host has no address",
                    )));
                }
                let open = |address| {
                    let socket = Bound::Tcp(open_tcp(address, config)?);
                    Self::new(socket, text, speaks)
                };
                found.into_iter().map(open).collect::<io::Result<_>>().map_err(closed)
            }
            #[cfg(unix)]
            Place::Unix(path) => {
                let owner = Privileges::of(config)?.map_or((None, None), |wanted| wanted.owner());
                let (socket, file) =
                    SocketFile::open(&path, config.socket_mode, owner, backlog(config)).map_err(closed)?;
                let mut listener = Self::new(Bound::Unix(socket), text, speaks).map_err(closed)?;
                listener.file = Some(file);
                Ok(vec![listener])
            }
            #[cfg(unix)]
            Place::Descriptor(number) => {
                let socket = inherited::listening(number).and_then(Bound::of).map_err(closed)?;
                Ok(vec![Self::new(socket, text, speaks).map_err(closed)?])
            }
            #[cfg(unix)]
            Place::Systemd(wanted) => {
                let mut listeners = Vec::new();
                for (number, name) in handed.give(wanted.as_deref()) {
                    let socket = inherited::listening(number).and_then(Bound::of).map_err(closed)?;
                    let speaks = address.speaks.or(Speaks::of_name(&name)).unwrap_or(speaks);
                    listeners.push(Self::new(socket, text, speaks).map_err(closed)?);
                }
                if listeners.is_empty() {
                    let what =
                        "systemd has handed over no such socket (LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES)";
                    return Err(closed(io::Error::new(io::ErrorKind::NotFound, what)));
                }
                Ok(listeners)
            }
            #[cfg(not(unix))]
            _ => Err(unreadable(io::ErrorKind::Unsupported.into())),
        }
    }

    fn new(socket: Bound, text: &str, speaks: Speaks) -> io::Result<Self> {
        let address = match &socket {
            Bound::Tcp(socket) => Some(socket.local_addr()?),
            #[cfg(unix)]
            Bound::Unix(_) => None,
        };
        Ok(Self {
            socket,
            text: text.to_owned(),
            speaks,
            address,
            #[cfg(unix)]
            file: None,
        })
    }

    /// The address, with the port that the system chose where 0 was asked for; `None` for a unix socket.
    pub(super) const fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Whether connections are inside TLS.
    pub(super) fn is_encrypted(&self) -> bool {
        self.speaks == Speaks::Https
    }

    /// What is wrong where they are, and there is no certificate.
    pub(super) fn without_certificate(&self) -> ServerError {
        let what = "it is for TLS, and no certificate is set";
        let source = io::Error::new(io::ErrorKind::InvalidInput, what);
        ServerError::Listen { address: self.text.clone(), source }
    }

    /// What is spoken here.
    pub(super) const fn speaks(&self) -> Speaks {
        self.speaks
    }

    /// Another descriptor for the same open socket.
    pub(super) fn share(&self) -> io::Result<Self> {
        Ok(Self {
            socket: match &self.socket {
                Bound::Tcp(socket) => Bound::Tcp(socket.try_clone()?),
                #[cfg(unix)]
                Bound::Unix(socket) => Bound::Unix(socket.try_clone()?),
            },
            text: self.text.clone(),
            speaks: self.speaks,
            address: self.address,
            #[cfg(unix)]
            file: None,
        })
    }

    /// The same, with its file.
    pub(super) fn share_with_file(&self) -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            file: self.file.clone(),
            ..self.share()?
        })
    }

    /// The listeners of `config`, which differs from the configuration of `old`: those that both name are kept.
    ///
    /// # Errors
    /// As [`open_all`](Self::open_all).
    #[cfg(unix)]
    pub(super) fn open_again(old: &[Self], config: &ServerConfig) -> Result<Vec<Self>, ServerError> {
        let default = [DEFAULT_ADDRESS.to_owned()];
        let texts: &[String] = if config.listen.is_empty() { &default } else { &config.listen };
        let mut listeners = Vec::new();
        for text in texts {
            let closed = |source| ServerError::Listen { address: text.clone(), source };
            let kept: Vec<&Self> = old.iter().filter(|listener| listener.text == *text).collect();
            for listener in &kept {
                let file = listener.file.clone();
                listeners.push(Self { file, ..listener.share().map_err(closed)? });
            }
            if kept.is_empty() {
                let one = ServerConfig { listen: vec![text.clone()], ..config.clone() };
                listeners.extend(Self::open_all(&one)?);
            }
        }
        Ok(listeners)
    }

    /// What is said of it when it is handed over.
    #[cfg(unix)]
    pub(super) fn entry(&self) -> Entry {
        Entry {
            text: self.text.clone(),
            speaks: self.speaks.name().to_owned(),
            file: self.file.as_ref().map(|file| file.path().to_owned()),
        }
    }

    /// The one of which this was said.
    ///
    /// # Errors
    /// Where it cannot be what is said.
    #[cfg(unix)]
    pub(super) fn received(entry: Entry, socket: OwnedFd) -> io::Result<Self> {
        let speaks = if entry.speaks == Speaks::Health.name() {
            Speaks::Health
        } else {
            Speaks::of_name(&entry.speaks).ok_or(io::ErrorKind::InvalidData)?
        };
        let mut listener = Self::new(Bound::of(socket.into())?, &entry.text, speaks)?;
        listener.file = entry.file.as_deref().and_then(SocketFile::at);
        Ok(listener)
    }

    /// The file that this listener made, which has to be removed when nobody listens any more.
    #[cfg(unix)]
    pub(super) const fn file(&self) -> Option<&SocketFile> {
        self.file.as_ref()
    }

    /// Hands the socket to the event loop of this thread.
    pub(super) fn into_acceptor(self) -> io::Result<Acceptor> {
        Ok(match self.socket {
            Bound::Tcp(socket) => Acceptor::Tcp(tokio::net::TcpListener::from_std(socket)?),
            #[cfg(unix)]
            Bound::Unix(socket) => Acceptor::Unix(tokio::net::UnixListener::from_std(socket)?),
        })
    }
}

#[cfg(unix)]
impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.socket {
            Bound::Tcp(socket) => socket.as_fd(),
            Bound::Unix(socket) => socket.as_fd(),
        }
    }
}

/// As it is told to who starts a server: something that a browser opens, where that can be.
impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.speaks == Speaks::Health { "http" } else { self.speaks.name() };
        if let Some(address) = self.address {
            return write!(f, "{scheme}://{address}");
        }
        #[cfg(unix)]
        if let Some(file) = &self.file {
            return write!(f, "{scheme}://unix:{}", file.path().display());
        }
        // One that somebody else has opened.
        #[cfg(unix)]
        if let Bound::Unix(socket) = &self.socket
            && let Ok(address) = socket.local_addr()
            && let Some(path) = address.as_pathname()
        {
            return write!(f, "{scheme}://unix:{}", path.display());
        }
        write!(f, "{scheme}://{}", self.text)
    }
}

/// What systemd has handed over and no address has taken yet.
#[derive(Debug, Default)]
struct Handed {
    sockets: Vec<(i32, String)>,
    /// Whether an address asks for them in so many words.
    named: bool,
}

impl Handed {
    #[cfg(unix)]
    fn take(addresses: &[(&str, Address)]) -> Result<Self, ServerError> {
        let sockets = inherited::of_systemd()
            .map_err(|source| ServerError::Listen { address: "systemd".to_owned(), source })?;
        let named = addresses.iter().any(|(_, address)| matches!(address.place, Place::Systemd(_)));
        Ok(Self { sockets, named })
    }

    #[cfg(not(unix))]
    fn take(_: &[(&str, Address)]) -> Result<Self, ServerError> {
        Ok(Self::default())
    }

    /// Those with this name, or all that are left.
    #[cfg(unix)]
    fn give(&mut self, wanted: Option<&str>) -> Vec<(i32, String)> {
        let is_wanted = |name: &str| wanted.is_none_or(|wanted| wanted == name);
        self.sockets.extract_if(.., |(_, name)| is_wanted(name)).collect()
    }
}

fn backlog(config: &ServerConfig) -> i32 {
    i32::try_from(config.backlog).unwrap_or(i32::MAX)
}

fn open_tcp(address: SocketAddr, config: &ServerConfig) -> io::Result<TcpListener> {
    let socket = SystemSocket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        // Otherwise `[::]:80` and `0.0.0.0:80` could not both be listened at, on systems that map the one into the other.
        socket.set_only_v6(true)?;
    }
    // Connections of the last run that are still in TIME_WAIT must not keep the next one from starting.
    #[cfg(unix)]
    {
        socket.set_reuse_address(true)?;
        if config.reuse_port {
            socket.set_reuse_port(true)?;
        }
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(backlog(config))?;
    Ok(socket.into())
}

impl Bound {
    /// What some other program has opened.
    #[cfg(unix)]
    fn of(socket: SystemSocket) -> io::Result<Self> {
        Ok(if inherited::is_unix(&socket)? { Self::Unix(socket.into()) } else { Self::Tcp(socket.into()) })
    }
}

/// A listener in an event loop.
#[derive(Debug)]
pub(super) enum Acceptor {
    Tcp(tokio::net::TcpListener),
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
}

impl Acceptor {
    /// Waits for a connection; with it goes the other side's address, if that has one.
    pub(super) async fn accept(&self) -> io::Result<(Socket, Option<SocketAddr>)> {
        Ok(match self {
            Self::Tcp(listener) => {
                let (socket, remote) = listener.accept().await?;
                (Socket::Tcp(socket), Some(remote))
            }
            #[cfg(unix)]
            Self::Unix(listener) => (Socket::Unix(listener.accept().await?.0), None),
        })
    }

    /// Asks the system itself from now on, and not the event loop, which may not have been told yet of what there is.
    pub(super) fn into_queue(self) -> io::Result<Queue> {
        Ok(Queue(match self {
            Self::Tcp(listener) => Bound::Tcp(listener.into_std()?),
            #[cfg(unix)]
            Self::Unix(listener) => Bound::Unix(listener.into_std()?),
        }))
    }
}

/// The connections that the kernel has accepted and nobody has taken.
#[derive(Debug)]
pub(super) struct Queue(Bound);

impl Queue {
    /// The next one.
    ///
    /// # Errors
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) where there is none.
    pub(super) fn take(&self) -> io::Result<(Socket, Option<SocketAddr>)> {
        Ok(match &self.0 {
            Bound::Tcp(listener) => {
                let (socket, remote) = listener.accept()?;
                socket.set_nonblocking(true)?;
                (Socket::Tcp(tokio::net::TcpStream::from_std(socket)?), Some(remote))
            }
            #[cfg(unix)]
            Bound::Unix(listener) => {
                let (socket, _) = listener.accept()?;
                socket.set_nonblocking(true)?;
                (Socket::Unix(tokio::net::UnixStream::from_std(socket)?), None)
            }
        })
    }
}
