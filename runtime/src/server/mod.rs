//! The server: sockets, event loops, signals, and the limits that keep strangers from holding any of it.
//!
//! It serves whatever implements [`MakeConnectionService`], over HTTP/1.1 (with upgrades) and HTTP/2 (with prior knowledge, or by
//! ALPN inside TLS), which it tells apart by the first bytes. It does not know what an application is; what a client sees of
//! it by itself are refusals: 400 (malformed, no host, two hosts), 408, 414, 431, 501.
//!
//! Each event loop is one thread with connections of its own, which stay there; the loops share the listening sockets. With
//! [`ServerConfig::workers`] there are several processes of such loops, and one that looks after them.
//!
//! ```no_run
//! use std::convert::Infallible;
//! use std::future::{Ready, ready};
//! use std::sync::Arc;
//!
//! use aiopyramid::ConnectionInfo;
//! use aiopyramid::server::{MakeConnectionService, Server, ServerConfig};
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use hyper::body::Incoming;
//!
//! #[derive(Clone)]
//! struct Hello;
//!
//! impl hyper::service::Service<Request<Incoming>> for Hello {
//!     type Response = Response<Full<Bytes>>;
//!     type Error = Infallible;
//!     type Future = Ready<Result<Self::Response, Infallible>>;
//!
//!     fn call(&self, _: Request<Incoming>) -> Self::Future {
//!         ready(Ok(Response::new("Hello, World!".into())))
//!     }
//! }
//!
//! impl MakeConnectionService for Hello {
//!     type Service = Self;
//!     type Body = Full<Bytes>;
//!
//!     fn connect(&self, _: Arc<ConnectionInfo>) -> Self {
//!         Self
//!     }
//! }
//!
//! let server = Server::bind(ServerConfig::default().listen("127.0.0.1:6543"))?;
//! let report = server.run(Hello)?;
//! println!("stopped: {report}");
//! # Ok::<(), aiopyramid::server::ServerError>(())
//! ```

mod access_log;
mod clock;
mod config;
mod connection;
mod error;
#[cfg(unix)]
mod exposition;
mod health;
mod listener;
mod loops;
#[cfg_attr(not(feature = "metrics"), path = "no_metrics.rs")]
mod metrics;
mod pid_file;
#[cfg_attr(not(unix), path = "no_privileges.rs")]
mod privileges;
mod probes;
mod process_config;
#[cfg(unix)]
mod processes;
mod ready;
mod recorder;
mod reopen;
mod roster;
mod service;
#[cfg_attr(not(unix), path = "no_service_manager.rs")]
mod service_manager;
mod shutdown;
mod signals;
mod socket;
#[cfg_attr(not(feature = "tls"), path = "no_tls.rs")]
mod tls;
mod trusted_peers;
mod worker;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;

pub use self::access_log::{AccessLogConfig, AccessLogDestination, AccessLogFormat, BadAccessLogFormat};
pub use self::config::{ServerConfig, TlsConfig};
pub use self::error::ServerError;
pub use self::service::MakeConnectionService;
pub use self::shutdown::{ServerHandle, ShutdownReport};
pub use self::trusted_peers::{BadPeer, TrustedPeers};
pub use crate::protocol::forwarding::{ProxyHeader, UnknownProxyHeader};

use self::access_log::AccessLog;
use self::listener::Listener;
#[cfg(unix)]
use self::listener::Speaks;
use self::loops::Loops;
use self::metrics::{Contribution, Metrics};
use self::pid_file::PidFile;
use self::privileges::Privileges;
#[cfg(not(unix))]
use self::probes::{Inquiry, Probed, Question, Reply};
use self::probes::{Local, Readiness};
#[cfg(unix)]
use self::processes::{Link, Master, Own, Probing, Role};
#[cfg(all(unix, feature = "reload"))]
pub(crate) use self::processes::{Supervised, Supervision, WorkerNews, WorkerProcess};
use self::ready::Ready;
use self::recorder::Recorder;
use self::reopen::Reopen;
use self::signals::Signals;
use self::tls::Tls;

/// Under what name the log has what a server says, whichever file says it.
const LOG: &str = "aiopyramid::server";

/// A server that has its sockets open and does not serve yet.
#[derive(Debug)]
pub struct Server {
    config: ServerConfig,
    listeners: Vec<Listener>,
    handle: ServerHandle,
    pid_file: Option<PidFile>,
    reopen: Reopen,
    ready: Ready,
    tls: Option<Tls>,
    access_log: Option<AccessLog>,
    health: Vec<Listener>,
    readiness: Readiness,
    contribution: Contribution,
    privileges: Option<Privileges>,
    #[cfg(unix)]
    link: Option<Link>,
}

impl Server {
    /// Opens the addresses of `config`, and writes the pid file. Connections are held in the kernel's queue from now on.
    ///
    /// In a process that a master has started, or one that this one is to replace, the sockets come from there.
    ///
    /// # Errors
    /// [`ServerError::Address`] and [`ServerError::Listen`], for the first address that does not open;
    /// [`ServerError::Running`] and [`ServerError::PidFile`]; [`ServerError::Tls`]; [`ServerError::System`] where sockets do
    /// not arrive; [`ServerError::AccessLog`]; [`ServerError::Identity`] where there is no such user, or it cannot be become.
    pub fn bind(config: ServerConfig) -> Result<Self, ServerError> {
        privileges::set_umask(&config);
        // Masters find out here what their workers could not do.
        let privileges = Privileges::of(&config)?;
        let access_log = config.access_log.as_ref().map(AccessLog::open).transpose()?;
        let tls = config.tls.as_ref().map(Tls::load).transpose()?;
        #[cfg(unix)]
        let link = Link::of_process()
            .map_err(|source| ServerError::System { wanted: "a link to its master", source })?;
        #[cfg(unix)]
        let (mut listeners, pid_file) = match &link {
            Some(link) => {
                let listeners = link
                    .receive()
                    .map_err(|source| ServerError::System { wanted: "the sockets of its master", source })?;
                let path = config.pid_file.as_deref().filter(|_| link.role() == Role::Successor);
                (listeners, path.map(PidFile::claim_second).transpose()?)
            }
            None => Self::open(&config)?,
        };
        #[cfg(not(unix))]
        let (listeners, pid_file) = Self::open(&config)?;
        if let Some(listener) = listeners.iter().find(|listener| tls.is_none() && listener.is_encrypted()) {
            // Better nothing than in the clear what should not be.
            return Err(listener.without_certificate());
        }
        #[cfg(unix)]
        let came: Vec<_> = listeners.extract_if(.., |listener| listener.speaks() == Speaks::Health).collect();
        #[cfg(not(unix))]
        let came = Vec::new();
        #[cfg(unix)]
        let is_worker = link.as_ref().is_some_and(|link| link.role() == Role::Worker);
        #[cfg(not(unix))]
        let is_worker = false;
        // A worker is asked by its master. A process that takes another one's place has that one's listeners.
        let health = if is_worker || !came.is_empty() { came } else { Listener::open_health(&config, &[])? };
        let handle = ServerHandle::new(listeners.iter().filter_map(Listener::address).collect());
        Ok(Self {
            config,
            listeners,
            handle,
            pid_file,
            reopen: Reopen::default(),
            ready: Ready::default(),
            tls,
            access_log,
            health,
            readiness: Readiness::default(),
            contribution: Contribution::default(),
            privileges,
            #[cfg(unix)]
            link,
        })
    }

    fn open(config: &ServerConfig) -> Result<(Vec<Listener>, Option<PidFile>), ServerError> {
        // First, because who starts a server twice is told more by it than by an address in use.
        let pid_file = config.pid_file.as_deref().map(PidFile::claim).transpose()?;
        Ok((Listener::open_all(config)?, pid_file))
    }

    /// The addresses that it listens at, with the ports that the system chose. Unix sockets are not among them.
    pub fn local_addrs(&self) -> &[SocketAddr] {
        self.handle.local_addrs()
    }

    /// What stops the server once it runs; also tells a websocket that it is time to close.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }

    /// Whether this process is a worker, which a master has started and speaks for.
    pub fn is_worker(&self) -> bool {
        #[cfg(unix)]
        return self.link.as_ref().is_some_and(|link| link.role() == Role::Worker);
        #[cfg(not(unix))]
        false
    }

    /// Whether this process was started as a worker, which is known before the sockets are there.
    #[cfg(all(unix, feature = "reload"))]
    pub(crate) fn is_worker_process() -> bool {
        Role::of_process() == Some(Role::Worker)
    }

    /// Sets what a worker has to do with its supervisor.
    #[cfg(all(unix, feature = "reload"))]
    pub(crate) fn supervised_by(mut self, supervision: Supervision) -> Self {
        if let Some(link) = &mut self.link {
            link.supervision = Some(supervision);
        }
        self
    }

    /// Does not serve, but has workers do it when it is told to.
    #[cfg(all(unix, feature = "reload"))]
    pub(crate) fn supervise_workers(self) -> Supervised {
        Supervised::new(self.config, self.listeners, self.pid_file, self.tls)
    }

    /// Sets what is to be done when a signal, `USR1`, asks for the logs to be opened again.
    #[must_use]
    pub fn reopen_logs_with(mut self, reopen: impl Fn() + Send + Sync + 'static) -> Self {
        self.reopen = Reopen::new(reopen);
        self
    }

    /// Sets what says whether the application is ready, which `/ready` asks at [`ServerConfig::health_listen`]; if not, it says why.
    #[must_use]
    pub fn check_readiness_with<F>(mut self, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.readiness = Readiness::new(check);
        self
    }

    /// Adds figures of the application's to those that `/metrics` tells. `add` is called where requests are served, once.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn count_with(
        mut self,
        add: impl FnOnce(&mut prometheus_client::registry::Registry) + Send + 'static,
    ) -> Self {
        self.contribution = Contribution::new(add);
        self
    }

    /// Sets what is to be done, once, when signals are obeyed: the moment to say that it serves. Who reads that may send one.
    #[must_use]
    pub fn when_ready(mut self, ready: impl FnOnce() + Send + 'static) -> Self {
        self.ready = Ready::new(ready);
        self
    }

    /// Serves until a signal or the [handle](Self::handle) stops it. The calling thread waits; the loops have threads of
    /// their own, named `aiopyramid-loop-N`.
    ///
    /// A graceful stop answers what has been accepted, with `Connection: close`, waits up to [`ServerConfig::shutdown`], and
    /// then cuts what is left. A loop that a handler holds up longer than that is left behind with its thread.
    ///
    /// With [`ServerConfig::workers`] this process serves nobody itself: it starts the program again, with the same arguments,
    /// and the call of this function in there is what serves. The same is done for `HUP` and `USR2`; the guide says
    /// [what each signal does](crate::guide::deployment#signals).
    ///
    /// # Errors
    /// [`ServerError::System`] where the system does not give what the server needs, [`ServerError::Loop`] where a loop
    /// panicked, [`ServerError::Worker`] where no worker comes to serve; what serves has been stopped then.
    ///
    /// # Panics
    /// When called inside an asynchronous context, which it would block.
    pub fn run<M: MakeConnectionService>(self, make: M) -> Result<ShutdownReport, ServerError> {
        if !self.is_worker() {
            tracing::info!(target: LOG, "aiopyramid {} starts", env!("CARGO_PKG_VERSION"));
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| ServerError::System { wanted: "an event queue", source })?;
        let access_log = self.access_log.clone();
        let report = runtime.block_on(self.supervise(make));
        if let Some(access_log) = access_log {
            access_log.close();
        }
        report
    }

    #[cfg(unix)]
    async fn supervise<M: MakeConnectionService>(self, make: M) -> Result<ShutdownReport, ServerError> {
        let Self { config, listeners, handle, pid_file, reopen, ready, tls, access_log, privileges, .. } =
            self;
        let (health, readiness, contribution, link) =
            (self.health, self.readiness, self.contribution, self.link);
        let reopen = reopen.and(access_log.clone());
        let signals = signals(&config)?;
        ready.call();
        match link {
            Some(link) if link.role() == Role::Worker => {
                become_another(privileges)?;
                let metrics = Metrics::wanted(&config, contribution);
                let recorder = recorder(access_log, metrics.clone())?;
                let loops = Loops::start(&config, make, &listeners, tls, recorder, &handle)?;
                drop(listeners);
                let local = Local::new(readiness, loops.rosters(), config.worker_timeout, metrics);
                let ended = loops.ended(&handle, config.shutdown);
                processes::serve_as_worker(link, &config, &handle, &local, signals, &reopen, ended)
                    .await
                    .map_err(|source| ServerError::System { wanted: "a place in the event queue", source })?
            }
            link => {
                let mut probing = Probing::new(health);
                let own = if config.workers.is_some() {
                    drop(make);
                    None
                } else {
                    become_another(privileges)?;
                    let metrics = Metrics::wanted(&config, contribution);
                    let recorder = recorder(access_log, metrics.clone())?;
                    let loops = Loops::start(&config, make, &listeners, tls, recorder, &handle)?;
                    loops.say(&listeners);
                    let local = Local::new(readiness, loops.rosters(), config.worker_timeout, metrics);
                    probing.local = Some(local);
                    let (handle, patience) = (handle.clone(), config.shutdown);
                    Some(Own(Box::pin(async move { loops.ended(&handle, patience).await })))
                };
                let master = Master::new(config, listeners, handle, reopen, pid_file, own).probed(probing);
                master.run(signals, link).await
            }
        }
    }

    #[cfg(not(unix))]
    async fn supervise<M: MakeConnectionService>(self, make: M) -> Result<ShutdownReport, ServerError> {
        let Self { config, listeners, handle, pid_file, ready, tls, access_log, privileges, .. } = self;
        let (health, readiness, contribution) = (self.health, self.readiness, self.contribution);
        become_another(privileges)?;
        if let Some(mut signals) = signals(&config)? {
            let handle = handle.clone();
            tokio::spawn(async move {
                loop {
                    signals.next().await;
                    if handle.is_stopping() { handle.quit() } else { handle.shutdown() }
                }
            });
        }
        ready.call();
        let metrics = Metrics::wanted(&config, contribution);
        let recorder = recorder(access_log, metrics.clone())?;
        let loops = Loops::start(&config, make, &listeners, tls, recorder, &handle)?;
        loops.say(&listeners);
        let local = Local::new(readiness, loops.rosters(), config.worker_timeout, metrics);
        let (inquiries, mut asked) = probes::inquiries();
        let _probed = Probed::start(&health, &inquiries)
            .map_err(|source| ServerError::System { wanted: "a place in the event queue", source })?;
        let stopping = handle.clone();
        tokio::spawn(async move {
            while let Some(Inquiry { question, reply }) = asked.recv().await {
                let (local, stopping) = (local.clone(), stopping.is_stopping());
                tokio::spawn(async move {
                    reply.send(match question {
                        Question::Ready if stopping => Reply::bad("the server is stopping"),
                        question => local.answer(question).await,
                    })
                });
            }
        });
        drop(listeners);
        let report = loops.ended(&handle, config.shutdown).await?;
        drop(pid_file);
        tracing::info!(target: LOG, "stopped: {report}");
        Ok(report)
    }
}

/// Gives up what only opening sockets and files needed.
fn become_another(privileges: Option<Privileges>) -> Result<(), ServerError> {
    privileges.map_or(Ok(()), |privileges| privileges.take())
}

/// Who is told of requests in a process that serves.
fn recorder(
    access_log: Option<AccessLog>,
    metrics: Option<Arc<Metrics>>,
) -> Result<Option<Arc<Recorder>>, ServerError> {
    if let Some(access_log) = &access_log {
        access_log.start()?;
    }
    Ok(Recorder::new(access_log, metrics))
}

/// The handlers of signals, where the server is to have any.
fn signals(config: &ServerConfig) -> Result<Option<Signals>, ServerError> {
    let signals = config.signals.then(Signals::new).transpose();
    signals.map_err(|source| ServerError::System { wanted: "signal handlers", source })
}
