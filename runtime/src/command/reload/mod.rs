//! `serve --reload`: the program is built and started anew as it is written.
//!
//! The process that was started becomes a [supervisor](supervisor::Supervisor). It holds the listening sockets and never serves an
//! application itself: it starts the program again as a worker, as a master does. When a [source](sources) changes, Cargo
//! [builds](build) the program, and a new worker takes the place of the old one, which has gone on serving meanwhile. What cannot
//! be built, or does not start, is shown as a [page](live) to who asks for one.
//!
//! ```text
//! supervisor ── sockets, files, Cargo
//!   │  State: which version of the pages is the newest, and what is wrong          (a line of JSON, down)
//!   │  Watched: the templates and folders that the worker reads while it serves    (a line of JSON, up)
//! worker ────── the application, inside of `Live`
//!   │  events: refresh, or only the style sheets                                   (text/event-stream)
//! pages ─────── a script of ours in each
//! ```

mod build;
mod cargo;
mod contents;
mod dep_info;
mod live;
mod sources;
mod state;
mod supervisor;
mod voice;
mod watcher;
mod workers;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use self::cargo::Project;
use self::live::Live;
use self::state::{State, Version, Watched};
use self::supervisor::Supervisor;
use super::arguments::Arguments;
use super::built_from::BuiltFrom;
use super::deployment::Deployment;
use super::{log, serve};
use crate::app::router::App;
use crate::app::settings::{BadSetting, Settings};
use crate::error::{Error, Result};
use crate::server::{Server, Supervision};

/// Under what name the log has what is said here.
const LOG: &str = "aiopyramid::reload";

/// The variable that tells a worker which version of the pages it serves. Not in the manner of a setting's name, so that it is
/// not taken for one.
const VERSION: &str = "_AIOPYRAMID_RELOAD";

/// Whether this process is to have the program built and started anew as it is written.
pub(super) fn is_asked_for(settings: &Settings) -> bool {
    matches!(settings.switch("reload"), Ok(Some(true))) && !Server::is_worker_process()
}

/// Supervises until a signal says otherwise.
///
/// # Errors
/// Where the program cannot be built again from here, or its sockets do not open.
pub(super) fn supervise(
    arguments: &Arguments,
    deployment: &Deployment,
    settings: &Settings,
    built_from: Option<BuiltFrom>,
) -> Result<()> {
    let config = serve::server_config(settings).map_err(|bad| refused(&bad))?;
    let plan = log::plan(settings, deployment.log.as_ref()).map_err(|bad| refused(&bad))?;
    log::start(plan, Vec::new())?;
    let project = Project::of_process(built_from).map_err(Error::msg)?;
    if config.workers.is_some() {
        tracing::warn!(target: LOG, "`workers` has no effect with `reload`: there is one process that serves");
    }
    let server = serve::bind(config, settings)?;
    let file = arguments.source.as_ref().map(|source| source.path.as_path());
    let extra = settings.get("reload_extra_files").unwrap_or_default();
    let extra = extra.split(|character: char| character == ',' || character.is_whitespace());
    let extra = extra.filter(|name| !name.is_empty()).map(PathBuf::from);
    let files = file.into_iter().map(ToOwned::to_owned).chain(deployment.files()).chain(extra).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let supervisor = Supervisor::new(project, server.supervise_workers(), files, file.is_some());
        supervisor.map_err(Error::msg)?.run().await
    })
}

/// All that is wrong with settings.
fn refused(bad: &[BadSetting]) -> Error {
    Error::msg(bad.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: "))
}

/// What a worker of a supervisor's serves in place of `app`, and what the two have to say to each other; `None` in any other
/// process.
pub(super) fn live(app: &App, server: &Server) -> Option<(Live<App>, Supervision)> {
    let version: Version = std::env::var(VERSION).ok()?.parse().ok()?;
    if !server.is_worker() {
        return None;
    }
    let (sender, state) = watch::channel(Arc::new(State { version, problem: None }));
    let said = serde_json::to_string(&Watched::of(app.application())).ok()?;
    let hear = Box::new(move |text: &str| match serde_json::from_str(text) {
        Ok(state) => drop(sender.send_replace(Arc::new(state))),
        Err(error) => tracing::debug!(%error, "a supervisor that cannot be understood"),
    });
    Some((Live::new(app.clone(), true, state, server.handle()), Supervision { said, hear }))
}
