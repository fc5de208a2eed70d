//! `serve`: the one place where the server meets the application.

use std::time::Duration;

use crate::app::executor::Unstarted;
use crate::app::router::App;
use crate::app::settings::{BadSetting, Settings};
use crate::error::Result;
use crate::server::{Server, ServerConfig};

/// Serves until a signal says otherwise.
pub(super) fn serve(app: App) -> Result<()> {
    let config = server_config(app.application().settings())?;
    let server = Server::bind(config)?;
    server.run(app.clone())?;
    drain(&app)
}

/// Sets one of the server's time-outs.
type SetTimeout = fn(ServerConfig, Duration) -> ServerConfig;

/// The server's settings.
pub(super) fn server_config(settings: &Settings) -> std::result::Result<ServerConfig, BadSetting> {
    let mut config = ServerConfig::default();
    let uwsgi = settings.get("uwsgi_socket");
    let default = if uwsgi.is_some() { None } else { Some("127.0.0.1:6543") };
    for address in settings.get("listen").or(default).into_iter().flat_map(|addresses| addresses.split(',')) {
        config = config.listen(address.trim());
    }
    for address in uwsgi.into_iter().flat_map(|addresses| addresses.split(',')) {
        config = config.listen(format!("uwsgi://{}", address.trim()));
    }
    if let Some(text) = settings.get("uwsgi_allow_from") {
        let peers = text.parse().map_err(|_| {
            let expected = "addresses and networks such as 10.0.0.0/8, with commas between, or `*`";
            BadSetting::new(settings, "uwsgi_allow_from", expected)
        })?;
        config = config.uwsgi_allow_from(peers);
    }
    if let Some(connections) = settings.parse("backlog")? {
        config = config.backlog(connections);
    }
    if let Some(text) = settings.get("socket_mode") {
        let mode = u32::from_str_radix(text.trim(), 8).ok().filter(|mode| *mode <= 0o777);
        let expected = "the rights of a file, in octal";
        config = config.socket_mode(mode.ok_or_else(|| BadSetting::new(settings, "socket_mode", expected))?);
    }
    if let Some(shared) = settings.switch("reuse_port")? {
        config = config.reuse_port(shared);
    }
    if let Some(path) = settings.get("pidfile") {
        config = config.pid_file(path);
    }
    if let Some(loops) = settings.parse::<usize>("loops")? {
        if loops == 0 {
            return Err(BadSetting::new(settings, "loops", "one event loop at least"));
        }
        config = config.loops(loops);
    }
    if let Some(most) = settings.parse("max_connections")? {
        config = config.connections(most);
    }
    if let Some(bytes) = settings.parse("max_head")? {
        config = config.head_size(bytes);
    }
    if let Some(bytes) = settings.parse("max_target")? {
        config = config.target_size(bytes);
    }
    if let Some(rate) = settings.parse("body_rate")? {
        config = config.body_rate(rate);
    }
    let timeouts: [(&str, SetTimeout); 6] = [
        ("head_timeout", ServerConfig::head),
        ("keep_alive", ServerConfig::keep_alive),
        ("body_patience", ServerConfig::body_patience),
        ("response_timeout", ServerConfig::response),
        ("shutdown_timeout", ServerConfig::shutdown),
        ("half_close_grace", ServerConfig::half_close_grace),
    ];
    for (name, set) in timeouts {
        if let Some(limit) = settings.seconds(name)? {
            config = set(config, limit);
        }
    }
    Ok(config)
}

/// Work in the executor that no request waits for any more ends with the process; what runs may come to its end.
fn drain(app: &App) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let report =
        runtime.block_on(app.application().executor().shutdown(Duration::from_secs(1), Unstarted::Drop));
    if report.abandoned_jobs > 0 {
        tracing::warn!("blocking views that were still running, and left behind: {}", report.abandoned_jobs);
    }
    Ok(())
}
