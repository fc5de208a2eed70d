//! The event loops of this process: their start, their beat, their end.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

use super::LOG;
use super::connection::Protocols;
use super::health::Health;
use super::listener::Listener;
use super::recorder::Recorder;
use super::roster::Roster;
use super::shutdown::Stage;
use super::tls::Tls;
use super::worker::Worker;
use super::{
    MakeConnectionService, ServerConfig, ServerError, ServerHandle, ShutdownReport, service_manager,
};

/// How long after its time a loop that a handler holds up is waited for.
const HELD_UP: Duration = Duration::from_secs(2);

/// How the loop of an index ended.
type Ended = (usize, Result<ShutdownReport, ServerError>);

/// The event loops, which serve.
#[derive(Debug)]
pub(super) struct Loops {
    /// One task for each, which ends as the loop does.
    running: JoinSet<Ended>,
    rosters: Vec<Arc<Roster>>,
}

impl Loops {
    /// Starts them, each with a descriptor of its own for every listener.
    ///
    /// # Errors
    /// Where the system does not give what they need; those that have been started are stopped then.
    pub(super) fn start<M: MakeConnectionService>(
        config: &ServerConfig,
        make: M,
        listeners: &[Listener],
        tls: Option<Tls>,
        recorder: Option<Arc<Recorder>>,
        handle: &ServerHandle,
    ) -> Result<Self, ServerError> {
        let rosters = Roster::of_all(config, config.loops.max(1), recorder.as_ref());
        match start(config, make, listeners, tls, handle, &rosters) {
            Ok(running) => Ok(Self { running, rosters }),
            Err(error) => {
                handle.quit();
                Err(error)
            }
        }
    }

    pub(super) fn rosters(&self) -> &[Arc<Roster>] {
        &self.rosters
    }

    /// Tells the log where they serve.
    pub(super) fn say(&self, listeners: &[Listener]) {
        for listener in listeners {
            tracing::info!(target: LOG, "listening at {listener}");
        }
        let loops = self.rosters.len();
        let plural = if loops == 1 { "" } else { "s" };
        tracing::info!(target: LOG, "using {loops} event loop{plural}, process {}", std::process::id());
    }

    /// Waits until they have ended, which `handle` asks for.
    ///
    /// # Errors
    /// Where one of them ended by itself.
    pub(super) async fn ended(
        mut self,
        handle: &ServerHandle,
        patience: Duration,
    ) -> Result<ShutdownReport, ServerError> {
        let mut report = ShutdownReport::default();
        let mut fault = None;
        let mut missing: Vec<bool> = vec![true; self.rosters.len()];
        let ended = async {
            while let Some(ended) = self.running.join_next().await {
                let Ok((index, result)) = ended else { continue };
                missing[index] = false;
                match result {
                    Ok(part) => report += part,
                    Err(error) => {
                        tracing::error!(target: LOG, %error, "stopping");
                        fault.get_or_insert(error);
                        handle.shutdown();
                    }
                }
            }
        };
        tokio::select! {
            () = ended => {}
            () = late(handle, patience) => {}
            () = Roster::beat(&self.rosters) => {}
            () = watch(&self.rosters) => {}
        }
        for (roster, _) in self.rosters.iter().zip(missing).filter(|(_, missing)| *missing) {
            tracing::error!(target: LOG, "an event loop is held up by a handler, and is left behind");
            report += ShutdownReport { finished: roster.finished(), cut: roster.cut() };
        }
        fault.map_or(Ok(report), Err)
    }
}

/// Starts the loops; the set holds one task for each, which ends as the loop does.
fn start<M: MakeConnectionService>(
    config: &ServerConfig,
    make: M,
    listeners: &[Listener],
    tls: Option<Tls>,
    handle: &ServerHandle,
    rosters: &[Arc<Roster>],
) -> Result<JoinSet<Ended>, ServerError> {
    let protocols = Arc::new(Protocols::new(config, tls));
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
    Ok(running)
}

/// Tells the service manager, if it wants to know, that the loops turn; never ends.
async fn watch(rosters: &[Arc<Roster>]) {
    let Some(limit) = service_manager::watchdog() else { return std::future::pending().await };
    let mut health = Health::of(rosters);
    loop {
        // Four times, because what is told must be older than what it is told of.
        tokio::time::sleep(limit / 4).await;
        let standstills: Vec<Duration> = health.standstills().collect();
        if standstills.iter().all(|standstill| *standstill < limit) {
            service_manager::alive();
        }
    }
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
