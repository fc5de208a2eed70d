//! What a server is told: where it listens, how much it holds, how long it waits.

use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use super::{AccessLogConfig, TrustedPeers};
use crate::protocol::forwarding::ProxyHeader;

/// Where a [`Server`](super::Server) listens, how much it holds and how long it waits.
///
/// The defaults are meant for a server that faces the internet without a proxy in front. A limit of time is kept to within
/// two tenths of a second, because one clock per event loop serves all connections; while a loop is held up by a handler
/// that does not yield, that clock stands, so that no client is blamed for it.
///
/// ```
/// use std::time::Duration;
/// use aiopyramid::server::ServerConfig;
///
/// let config = ServerConfig::default()
///     .listen("127.0.0.1:6543")
///     .listen("[::1]:6543")
///     .loops(2)
///     .keep_alive(Duration::from_secs(5));
/// assert_eq!(config.listen.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ServerConfig {
    /// Addresses:
    ///
    /// - `HOST:PORT`; a host name stands for all its addresses, port 0 for any free port, and an address of IPv6 is written in
    ///   brackets, `[::1]:80`;
    /// - `unix:PATH`, a unix socket: an old file that no program listens at is replaced, one that is no socket is refused, and
    ///   the file is removed when the server stops;
    /// - `uwsgi://` before one of these: a server in front speaks uwsgi there, `uwsgi://127.0.0.1:9000` or
    ///   `uwsgi://unix:/run/app.sock`;
    /// - `fd://NUMBER`, a listening socket that the program was started with;
    /// - `systemd`, or `systemd:NAME`: the sockets that systemd has handed over (`LISTEN_FDS`), or those with that
    ///   `FileDescriptorName=`. Where systemd has handed sockets over and no address names it, they are listened at instead of
    ///   all addresses here.
    ///
    /// Default: none, which means `127.0.0.1:6543`.
    pub listen: Vec<String>,
    /// The rights of a unix socket's file, whatever the umask of the process is. Who may write to the file may connect.
    ///
    /// Default: `0o666`, which lets connect whoever reaches the folder, as everybody on the machine reaches a port.
    pub socket_mode: u32,
    /// Whether other programs of the same user may listen at the same port at the same time (`SO_REUSEPORT`), each with a
    /// share of the connections.
    ///
    /// Default: no.
    pub reuse_port: bool,
    /// A file for the number of the process. One of a process that runs keeps the server from starting, any other is
    /// replaced; it is removed when the server stops.
    ///
    /// Default: none.
    pub pid_file: Option<PathBuf>,
    /// The user, by name or number, that the process becomes when its sockets are open and its files read; only root can
    /// become another one. With [`workers`](Self::workers) it is they who do, and their master stays who it is. A unix socket
    /// gets this user for its owner.
    ///
    /// Default: none, who started it.
    pub user: Option<String>,
    /// The group, likewise.
    ///
    /// Default: that of [`user`](Self::user).
    pub group: Option<String>,
    /// The rights that new files of the process do without, as `umask` has them. It does not matter to
    /// [`socket_mode`](Self::socket_mode).
    ///
    /// Default: none, as inherited.
    pub umask: Option<u32>,
    /// Who may connect to an address where uwsgi is spoken, and so say of its clients what it likes.
    ///
    /// Default: `127.0.0.1, ::1`, and whoever may open a unix socket.
    pub uwsgi_allow_from: TrustedPeers,
    /// The certificate for TLS. Where there is one, addresses that do not begin with `http://` speak TLS, with HTTP/2 or
    /// HTTP/1.1 as the client asks by ALPN. The files are read when a process starts: `HUP` takes new ones.
    ///
    /// Default: none.
    pub tls: Option<TlsConfig>,
    /// The servers in front of this one, which are believed when they say who their client is. A peer on a unix socket is one
    /// of them, if there are any.
    ///
    /// Default: none, nobody is believed.
    pub trusted_proxies: Option<TrustedPeers>,
    /// In which fields they are believed: those that they set, or take away where their client sends them. A field that they
    /// let through would be the client's own word.
    ///
    /// Default: `X-Forwarded-For` and `X-Forwarded-Proto`.
    pub proxy_headers: Vec<ProxyHeader>,
    /// Whether each connection begins with a header of the PROXY protocol, version 1 or 2, by one of
    /// [`trusted_proxies`](Self::trusted_proxies); others are closed. Not for uwsgi, which says it in its own way.
    ///
    /// Default: no.
    pub proxy_protocol: bool,
    /// How many event loops, each on a thread of its own; 0 counts as 1.
    ///
    /// Default: one for each processor that the process may use.
    pub loops: usize,
    /// How many worker processes, each with [`loops`](Self::loops) event loops of its own, under a master that looks after them
    /// and serves nobody itself; 0 counts as 1.
    ///
    /// Default: none, which means that this process serves, without a master.
    pub workers: Option<usize>,
    /// How long a worker may give no sign of life before it is aborted and replaced; the time for which an event loop may be
    /// held up by a handler, therefore. Blocking views run in threads of their own, and may take as long as they like. 0 waits
    /// for ever.
    ///
    /// Default: 30 s.
    pub worker_timeout: Duration,
    /// After how many requests, about, a worker is replaced by a new one; only with [`workers`](Self::workers).
    ///
    /// Default: none, which means never.
    pub max_requests: Option<usize>,
    /// The most by which that number is raised, at random for each worker, so that they are not replaced all at once.
    ///
    /// Default: 0.
    pub max_requests_jitter: usize,
    /// How many connections the kernel may hold ready before the server accepts them.
    ///
    /// Default: 2048 (the kernel caps it at `net.core.somaxconn`).
    pub backlog: u32,
    /// How many connections may be open; at the limit the server stops accepting and later ones wait in the backlog.
    ///
    /// Default: 10,000; 0 counts as 1.
    pub connections: usize,
    /// Where it is told how the server is, over HTTP/1.1: `HOST:PORT` or `unix:PATH`. `/health` says whether the process is alive,
    /// `/ready` whether it should be sent requests, `/metrics` (with the feature `metrics`) what it has counted. For who looks after
    /// the server, and not for the internet.
    ///
    /// Default: none, nothing is told and nothing is counted.
    pub health_listen: Vec<String>,
    /// Where a line is written for each request, and what it says.
    ///
    /// Default: none, no line is written.
    pub access_log: Option<AccessLogConfig>,
    /// Whether signals are obeyed: TERM, INT and QUIT stop the server (the first two gracefully, QUIT or a second INT at once),
    /// the [others](crate::guide::deployment#signals) change what serves.
    ///
    /// Default: yes. Say no where the program handles signals itself and stops the server by its
    /// [`ServerHandle`](super::ServerHandle).
    pub signals: bool,
    /// How long a client may take to send the head of a request: from the moment that its connection is accepted, later from
    /// the first byte of the request. When it is over, HTTP/1.1 is answered 408.
    ///
    /// Default: 10 s.
    pub head: Duration,
    /// How long a connection may stay open between two requests.
    ///
    /// Default: 15 s.
    pub keep_alive: Duration,
    /// The fewest bytes per second of a request's body, over each stretch of [`body_patience`](Self::body_patience) that is
    /// spent waiting for the client; 0 lets a client be as slow as it likes. Over HTTP/2 each stream is measured by itself.
    ///
    /// Default: 240.
    pub body_rate: u32,
    /// The stretch over which [`body_rate`](Self::body_rate) is measured.
    ///
    /// Default: 5 s.
    pub body_patience: Duration,
    /// How long a client may take none of a response that is ready for it.
    ///
    /// Default: 30 s.
    pub response: Duration,
    /// How long after the last byte of a request the end of the client's stream still means that it waits for the answer
    /// with its sending side closed (RFC 9112 section 9.6 allows that). When the end comes later, the client has left, and
    /// the work on its request is dropped. With 0 that is so whenever it comes: for clients that never close one side alone,
    /// such as nginx.
    ///
    /// Default: 250 ms.
    pub half_close_grace: Duration,
    /// How long a graceful stop waits for running requests and open websockets before it cuts them.
    ///
    /// Default: 10 s.
    pub shutdown: Duration,
    /// The most bytes in the head of a request; a longer one is answered 431.
    ///
    /// Default: 32 KiB; less than 8 KiB counts as 8 KiB.
    pub head_size: usize,
    /// The most bytes in the target of a request; a longer one is answered 414.
    ///
    /// Default: 8 KiB.
    pub target_size: usize,
    /// Streams that one HTTP/2 connection may have open at a time.
    ///
    /// Default: 100.
    pub streams: u32,
    /// The most bytes in the decoded header list of an HTTP/2 request, counted as RFC 9113 section 10.5.1 does.
    ///
    /// Default: 16 KiB.
    pub header_list_size: u32,
}

/// The files that TLS needs, in PEM. For what is inside them the feature `tls` is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsConfig {
    /// The certificate, followed by those that lead to a known authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// How many fields the head of a request may have, on either protocol: hyper's own limit for HTTP/1.1, where reading the
/// head costs an allocation once another one is set.
pub(super) const MOST_FIELDS: usize = 100;

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: Vec::new(),
            socket_mode: 0o666,
            reuse_port: false,
            pid_file: None,
            user: None,
            group: None,
            umask: None,
            uwsgi_allow_from: TrustedPeers::default(),
            loops: available_parallelism().map_or(1, Into::into),
            tls: None,
            trusted_proxies: None,
            proxy_headers: vec![ProxyHeader::XForwardedFor, ProxyHeader::XForwardedProto],
            proxy_protocol: false,
            workers: None,
            worker_timeout: Duration::from_secs(30),
            max_requests: None,
            max_requests_jitter: 0,
            backlog: 2048,
            connections: 10_000,
            health_listen: Vec::new(),
            access_log: None,
            signals: true,
            head: Duration::from_secs(10),
            keep_alive: Duration::from_secs(15),
            body_rate: 240,
            body_patience: Duration::from_secs(5),
            response: Duration::from_secs(30),
            half_close_grace: Duration::from_millis(250),
            shutdown: Duration::from_secs(10),
            head_size: 32 * 1024,
            target_size: 8 * 1024,
            streams: 100,
            header_list_size: 16 * 1024,
        }
    }
}

impl ServerConfig {
    /// Adds an address to [`listen`](Self::listen) at.
    #[must_use]
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen.push(address.into());
        self
    }

    /// Sets [`socket_mode`](Self::socket_mode).
    #[must_use]
    pub fn socket_mode(mut self, mode: u32) -> Self {
        self.socket_mode = mode;
        self
    }

    /// Sets [`reuse_port`](Self::reuse_port).
    #[must_use]
    pub fn reuse_port(mut self, shared: bool) -> Self {
        self.reuse_port = shared;
        self
    }

    /// Sets [`uwsgi_allow_from`](Self::uwsgi_allow_from).
    #[must_use]
    pub fn uwsgi_allow_from(mut self, peers: TrustedPeers) -> Self {
        self.uwsgi_allow_from = peers;
        self
    }

    /// Sets [`loops`](Self::loops).
    #[must_use]
    pub fn loops(mut self, loops: usize) -> Self {
        self.loops = loops;
        self
    }

    /// Sets [`tls`](Self::tls), by files in PEM.
    #[must_use]
    pub fn tls(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls = Some(TlsConfig { certificate: certificate.into(), key: key.into() });
        self
    }

    /// Sets [`trusted_proxies`](Self::trusted_proxies).
    #[must_use]
    pub fn trusted_proxies(mut self, peers: TrustedPeers) -> Self {
        self.trusted_proxies = Some(peers);
        self
    }

    /// Sets [`proxy_headers`](Self::proxy_headers).
    #[must_use]
    pub fn proxy_headers(mut self, believed: impl IntoIterator<Item = ProxyHeader>) -> Self {
        self.proxy_headers = believed.into_iter().collect();
        self
    }

    /// Sets [`proxy_protocol`](Self::proxy_protocol).
    #[must_use]
    pub fn proxy_protocol(mut self, spoken: bool) -> Self {
        self.proxy_protocol = spoken;
        self
    }

    /// Sets [`backlog`](Self::backlog).
    #[must_use]
    pub fn backlog(mut self, connections: u32) -> Self {
        self.backlog = connections;
        self
    }

    /// Sets [`connections`](Self::connections).
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// Adds an address to [`health_listen`](Self::health_listen).
    #[must_use]
    pub fn health_listen(mut self, address: impl Into<String>) -> Self {
        self.health_listen.push(address.into());
        self
    }

    /// Sets [`access_log`](Self::access_log).
    #[must_use]
    pub fn access_log(mut self, log: AccessLogConfig) -> Self {
        self.access_log = Some(log);
        self
    }

    /// Sets [`head`](Self::head).
    #[must_use]
    pub fn head(mut self, limit: Duration) -> Self {
        self.head = limit;
        self
    }

    /// Sets [`keep_alive`](Self::keep_alive).
    #[must_use]
    pub fn keep_alive(mut self, limit: Duration) -> Self {
        self.keep_alive = limit;
        self
    }

    /// Sets [`body_rate`](Self::body_rate).
    #[must_use]
    pub fn body_rate(mut self, bytes_per_second: u32) -> Self {
        self.body_rate = bytes_per_second;
        self
    }

    /// Sets [`body_patience`](Self::body_patience).
    #[must_use]
    pub fn body_patience(mut self, stretch: Duration) -> Self {
        self.body_patience = stretch;
        self
    }

    /// Sets [`response`](Self::response).
    #[must_use]
    pub fn response(mut self, limit: Duration) -> Self {
        self.response = limit;
        self
    }

    /// Sets [`half_close_grace`](Self::half_close_grace).
    #[must_use]
    pub fn half_close_grace(mut self, grace: Duration) -> Self {
        self.half_close_grace = grace;
        self
    }

    /// Sets [`shutdown`](Self::shutdown).
    #[must_use]
    pub fn shutdown(mut self, limit: Duration) -> Self {
        self.shutdown = limit;
        self
    }

    /// Sets [`head_size`](Self::head_size).
    #[must_use]
    pub fn head_size(mut self, bytes: usize) -> Self {
        self.head_size = bytes;
        self
    }

    /// Sets [`target_size`](Self::target_size).
    #[must_use]
    pub fn target_size(mut self, bytes: usize) -> Self {
        self.target_size = bytes;
        self
    }

    /// Sets [`streams`](Self::streams).
    #[must_use]
    pub fn streams(mut self, most: u32) -> Self {
        self.streams = most;
        self
    }

    /// Sets [`header_list_size`](Self::header_list_size).
    #[must_use]
    pub fn header_list_size(mut self, bytes: u32) -> Self {
        self.header_list_size = bytes;
        self
    }
}
