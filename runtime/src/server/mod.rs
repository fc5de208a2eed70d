//! The server: sockets, event loops, signals, and the limits that keep strangers from holding any of it.
//!
//! It serves whatever implements [`MakeConnectionService`], over HTTP/1.1 (with upgrades) and HTTP/2 without encryption (with
//! prior knowledge), which it tells apart by the first bytes. It does not know what an application is; what a client sees of
//! it by itself are refusals: 400 (malformed, no host, two hosts), 408, 414, 431, 501.
//!
//! Each event loop is one thread with connections of its own, which stay there; the loops share the listening sockets.
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

mod clock;
mod config;
mod connection;
mod error;
mod health;
mod listener;
mod pid_file;
mod roster;
mod service;
#[cfg_attr(not(unix), path = "no_service_manager.rs")]
mod service_manager;
mod shutdown;
mod signals;
mod socket;
mod trusted_peers;
mod worker;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

pub use self::config::ServerConfig;
pub use self::error::ServerError;
pub use self::service::MakeConnectionService;
pub use self::shutdown::{ServerHandle, ShutdownReport};
pub use self::trusted_peers::{BadPeer, TrustedPeers};

use self::connection::Protocols;
use self::health::Health;
use self::listener::Listener;
use self::pid_file::PidFile;
use self::roster::Roster;
use self::shutdown::Stage;
use self::signals::Signals;
use self::worker::Worker;

/// How long after its time a loop that a handler holds up is waited for.
const HELD_UP: Duration = Duration::from_secs(2);

/// A server that has its sockets open and does not serve yet.
#[derive(Debug)]
pub struct Server {
    config: ServerConfig,
    listeners: Vec<Listener>,
    handle: ServerHandle,
    pid_file: Option<PidFile>,
}

impl Server {
    /// Opens the addresses of `config`, and writes the pid file. Connections are held in the kernel's queue from now on.
    ///
    /// # Errors
    /// [`ServerError::Address`] and [`ServerError::Listen`], for the first address that does not open;
    /// [`ServerError::Running`] and [`ServerError::PidFile`].
    pub fn bind(config: ServerConfig) -> Result<Self, ServerError> {
        // First, because who starts a server twice is told more by it than by an address in use.
        let pid_file = config.pid_file.as_deref().map(PidFile::claim).transpose()?;
        let listeners = Listener::open_all(&config)?;
        let handle = ServerHandle::new(listeners.iter().filter_map(Listener::address).collect());
        Ok(Self { config, listeners, handle, pid_file })
    }

    /// The addresses that it listens at, with the ports that the system chose. Unix sockets are not among them.
    pub fn local_addrs(&self) -> &[SocketAddr] {
        self.handle.local_addrs()
    }

    /// What stops the server once it runs; also tells a websocket that it is time to close.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }

    /// Serves until a signal or the [handle](Self::handle) stops it. The calling thread waits; the loops have threads of
    /// their own, named `aiopyramid-loop-N`.
    ///
    /// A graceful stop answers what has been accepted, with `Connection: close`, waits up to [`ServerConfig::shutdown`], and
    /// then cuts what is left. A loop that a handler holds up longer than that is left behind with its thread.
    ///
    /// # Errors
    /// [`ServerError::System`] where the system does not give what the server needs, [`ServerError::Loop`] where a loop
    /// panicked; the other loops have been stopped gracefully then.
    ///
    /// # Panics
    /// When called inside an asynchronous context, which it would block.
    pub fn run<M: MakeConnectionService>(self, make: M) -> Result<ShutdownReport, ServerError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| ServerError::System { wanted: "an event queue", source })?;
        runtime.block_on(self.supervise(make))
    }

    async fn supervise<M: MakeConnectionService>(self, make: M) -> Result<ShutdownReport, ServerError> {
        let Self { config, listeners, handle, pid_file } = self;
        if config.signals {
            let signals =
                Signals::new().map_err(|source| ServerError::System { wanted: "signal handlers", source })?;
            tokio::spawn(signals.obey(handle.clone()));
        }
        let loops = config.loops.max(1);
        let rosters = Roster::of_all(&config, loops);
        #[cfg(unix)]
        let files: Vec<_> = listeners.iter().filter_map(Listener::file).cloned().collect();
        let places: Vec<String> = listeners.iter().map(ToString::to_string).collect();
        let mut running = match start(&config, make, listeners, &handle, &rosters) {
            Ok(running) => running,
            Err(error) => {
                handle.quit();
                return Err(error);
            }
        };
        for place in &places {
            tracing::info!("listening at {place}");
        }
        let plural = if loops == 1 { "" } else { "s" };
        tracing::info!("using {loops} event loop{plural}, process {}", std::process::id());
        service_manager::ready(&format!("listening at {}", places.join(", ")));

        let mut report = ShutdownReport::default();
        let mut fault = None;
        let mut missing: Vec<bool> = vec![true; loops];
        let ended = async {
            while let Some(ended) = running.join_next().await {
                let Ok((index, result)) = ended else { continue };
                missing[index] = false;
                match result {
                    Ok(part) => report += part,
                    Err(error) => {
                        tracing::error!(%error, "stopping");
                        fault.get_or_insert(error);
                        handle.shutdown();
                    }
                }
            }
        };
        tokio::select! {
            () = ended => {}
            () = late(&handle, config.shutdown) => {}
            () = Roster::beat(&rosters) => {}
            () = watch(&handle, &rosters) => {}
        }
        #[cfg(unix)]
        for file in files {
            file.remove();
        }
        drop(pid_file);
        for (roster, _) in rosters.iter().zip(missing).filter(|(_, missing)| *missing) {
            tracing::error!("an event loop is held up by a handler, and is left behind");
            report += ShutdownReport { finished: roster.finished(), cut: roster.cut() };
        }
        if let Some(error) = fault {
            Err(error)
        } else {
            tracing::info!("stopped: {report}");
            Ok(report)
        }
    }
}

/// How the loop of an index ended.
type Ended = (usize, Result<ShutdownReport, ServerError>);

/// Starts the loops; the set holds one task for each, which ends as the loop does.
fn start<M: MakeConnectionService>(
    config: &ServerConfig,
    make: M,
    listeners: Vec<Listener>,
    handle: &ServerHandle,
    rosters: &[Arc<Roster>],
) -> Result<JoinSet<Ended>, ServerError> {
    let protocols = Arc::new(Protocols::new(config));
    let places = Arc::new(Semaphore::new(config.connections.clamp(1, Semaphore::MAX_PERMITS)));
    let uwsgi_allow_from = Arc::new(config.uwsgi_allow_from.clone());
    let mut running = JoinSet::new();
    for (index, roster) in rosters.iter().enumerate() {
        let shared: Result<Vec<_>, _> = listeners.iter().map(Listener::share).collect();
        let shared =
            shared.map_err(|source| ServerError::System { wanted: "a descriptor for each loop", source })?;
        let worker = Worker {
            make: make.clone(),
            protocols: Arc::clone(&protocols),
            roster: Arc::clone(roster),
            places: Arc::clone(&places),
            stage: handle.subscribe(),
            uwsgi_allow_from: Arc::clone(&uwsgi_allow_from),
            patience: config.shutdown,
        };
        let (tell, told) = oneshot::channel();
        thread::Builder::new()
            .name(format!("aiopyramid-loop-{index}"))
            .spawn(move || {
                // Nobody listens any more where the server has left this loop behind.
                let _ = tell.send(worker.run(shared));
            })
            .map_err(|source| ServerError::System { wanted: "a thread", source })?;
        running.spawn(async move {
            let result = match told.await {
                Ok(result) => {
                    result.map_err(|source| ServerError::System { wanted: "an event queue", source })
                }
                Err(_) => Err(ServerError::Loop { index }),
            };
            (index, result)
        });
    }
    // The listeners are dropped here: the loops alone decide when the sockets close.
    Ok(running)
}

/// Tells the service manager what it wants to know while the server runs; never ends.
async fn watch(handle: &ServerHandle, rosters: &[Arc<Roster>]) {
    let stopping = async {
        handle.stopping().await;
        service_manager::stopping();
        std::future::pending::<()>().await;
    };
    let Some(limit) = service_manager::watchdog() else { return stopping.await };
    let alive = async {
        let mut health = Health::of(rosters);
        loop {
            // Four times, because what is told must be older than what it is told of.
            tokio::time::sleep(limit / 4).await;
            if health.standstills().all(|standstill| standstill < limit) {
                service_manager::alive();
            }
        }
    };
    tokio::join!(stopping, alive);
}

/// Ends when every loop should have ended.
async fn late(handle: &ServerHandle, patience: Duration) {
    let mut stage = handle.subscribe();
    let _ = stage.wait_for(|stage| *stage > Stage::Serving).await;
    tokio::select! {
        () = tokio::time::sleep(patience) => {}
        _ = stage.wait_for(|stage| *stage == Stage::Quitting) => {}
    }
    tokio::time::sleep(HELD_UP).await;
}
