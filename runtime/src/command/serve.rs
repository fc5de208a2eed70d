//! `serve`: the one place where the server meets the application.

use std::net::UdpSocket;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::log;
use crate::app::executor::Unstarted;
use crate::app::router::App;
use crate::app::settings::{BadSetting, Settings};
use crate::error::Error;
use crate::server::{
    AccessLogConfig, AccessLogDestination, AccessLogFormat, Server, ServerConfig, ServerError,
};

/// Serves until a signal says otherwise. A configuration file makes it say what `pserve` says, whatever the log leaves away.
pub(super) fn serve(app: App, config: ServerConfig, has_file: bool) -> crate::error::Result<()> {
    #[cfg(feature = "websocket")]
    let workers = config.workers.is_some();
    let mut server = bind(config, app.application().settings())?;
    // Where there are workers, one process speaks for all.
    if has_file && !server.is_worker() {
        eprintln!("Starting server in PID {}.", std::process::id());
        let addresses = server.local_addrs().to_vec();
        server = server.when_ready(move || {
            for address in addresses {
                eprintln!("Serving on http://{address}");
            }
        });
    }
    // A master has no sockets that could be in a room.
    #[cfg(feature = "websocket")]
    if server.is_worker() || !workers {
        app.application().rooms.start();
    }
    let ready = app.clone();
    server = server.check_readiness_with(move || {
        let app = ready.clone();
        async move { app.application().observing.readiness.check().await }
    });
    #[cfg(feature = "metrics")]
    {
        let counting = app.clone();
        server = server.count_with(move |registry| counting.application().add_figures(registry));
    }
    server = server.reopen_logs_with(log::reopen);
    #[cfg(all(unix, feature = "reload"))]
    if let Some((live, supervision)) = super::reload::live(&app, &server) {
        server.supervised_by(supervision).run(live)?;
        return drain(&app);
    }
    server.run(app.clone())?;
    drain(&app)
}

/// Opens the addresses. One that does not open is blamed on the line that asks for it.
pub(super) fn bind(config: ServerConfig, settings: &Settings) -> crate::error::Result<Server> {
    Server::bind(config).map_err(|error| {
        let name = match &error {
            ServerError::Address { .. } | ServerError::Listen { .. } => "listen",
            ServerError::AccessLog { .. } => "access_log",
            ServerError::Health { .. } => "health_listen",
            ServerError::Identity { .. } => "user",
            _ => return Error::from(error),
        };
        match settings.place(name) {
            Some(place) => Error::msg(format!("{place}: {error}")),
            None => Error::from(error),
        }
    })
}

/// The server's settings, or everything that is wrong with them.
pub(super) fn server_config(settings: &Settings) -> Result<ServerConfig, Vec<BadSetting>> {
    let mut config = ServerConfig::default();
    let mut reader = Reader { settings, bad: Vec::new() };
    let uwsgi = settings.get("uwsgi_socket");
    // Who asks for one protocol alone gets that one alone.
    let default = if uwsgi.is_some() { "" } else { "127.0.0.1:6543" };
    config.listen = words(settings.get("listen").unwrap_or(default)).flat_map(everywhere).collect();
    let uwsgi = words(uwsgi.unwrap_or_default()).flat_map(everywhere);
    config.listen.extend(uwsgi.map(|address| format!("uwsgi://{address}")));
    if config.listen.is_empty() {
        reader.bad.push(BadSetting::new(settings, "listen", "one address at least"));
    }
    let peers = "addresses and networks such as 10.0.0.0/8, with commas between, or `*`";
    reader.take(
        settings.words("uwsgi_allow_from", peers, |text| text.parse().ok()),
        &mut config.uwsgi_allow_from,
    );
    reader.parse("loops", &mut config.loops);
    if config.loops == 0 {
        reader.bad.push(BadSetting::new(settings, "loops", "one event loop at least"));
    }
    workers(&mut config, &mut reader);
    front(&mut config, &mut reader);
    access_log(&mut config, &mut reader);
    let health = words(settings.get("health_listen").unwrap_or_default());
    config.health_listen = health.flat_map(everywhere).collect();
    reader.parse("backlog", &mut config.backlog);
    if let Some(mode) = reader.rights("socket_mode") {
        config.socket_mode = mode;
    }
    config.umask = reader.rights("umask");
    reader.take(settings.switch("reuse_port"), &mut config.reuse_port);
    // Whether it is to be is found out before there is an application.
    reader.take(settings.switch("reload"), &mut false);
    config.pid_file = settings.get("pidfile").map(PathBuf::from);
    (config.user, config.group) =
        (settings.get("user").map(str::to_owned), settings.get("group").map(str::to_owned));
    reader.parse("max_connections", &mut config.connections);
    reader.parse("max_head", &mut config.head_size);
    reader.parse("max_target", &mut config.target_size);
    reader.parse("max_streams", &mut config.streams);
    reader.parse("max_header_list", &mut config.header_list_size);
    reader.parse("body_rate", &mut config.body_rate);
    for (name, limit) in [
        ("head_timeout", &mut config.head),
        ("keep_alive", &mut config.keep_alive),
        ("body_patience", &mut config.body_patience),
        ("response_timeout", &mut config.response),
        ("shutdown_timeout", &mut config.shutdown),
        ("half_close_grace", &mut config.half_close_grace),
        ("worker_timeout", &mut config.worker_timeout),
    ] {
        reader.take(settings.seconds(name), limit);
    }
    if reader.bad.is_empty() { Ok(config) } else { Err(reader.bad) }
}

/// The settings of worker processes. Loops of which nothing is said are one for each processor, whatever process they are in.
fn workers(config: &mut ServerConfig, reader: &mut Reader<'_>) {
    let (mut processes, mut requests) = (0, 0);
    reader.parse("workers", &mut processes);
    reader.parse("max_requests", &mut requests);
    reader.parse("max_requests_jitter", &mut config.max_requests_jitter);
    config.workers = (processes > 0).then_some(processes);
    config.max_requests = (requests > 0).then_some(requests);
    if processes > 0 && reader.settings.get("loops").is_none() {
        config.loops = config.loops.div_ceil(processes);
    }
    if requests > 0 && processes == 0 {
        tracing::warn!("`max_requests` has no effect without `workers`");
    }
}

/// The settings of TLS and of servers in front.
fn front(config: &mut ServerConfig, reader: &mut Reader<'_>) {
    let settings = reader.settings;
    match (settings.get("tls_certificate"), settings.get("tls_key")) {
        // A file in PEM may hold both.
        (Some(certificate), key) => *config = config.clone().tls(certificate, key.unwrap_or(certificate)),
        (None, Some(_)) => {
            reader.bad.push(BadSetting::new(settings, "tls_key", "set along with `tls_certificate`"));
        }
        (None, None) => {}
    }
    let peers = "addresses and networks such as 10.0.0.0/8, with commas between, or `*`";
    let mut proxies = None;
    reader.take(
        settings.words("trusted_proxies", peers, |text| text.parse().ok()).map(|peers| peers.map(Some)),
        &mut proxies,
    );
    config.trusted_proxies = proxies;
    let headers = "names of fields, with commas between: forwarded, x-forwarded-for, x-forwarded-proto, x-forwarded-host, \
                   x-forwarded-port, x-forwarded-prefix, script_name";
    let read = |text: &str| words(text).map(|name| name.parse().ok()).collect();
    reader.take(settings.words("proxy_headers", headers, read), &mut config.proxy_headers);
    reader.take(settings.switch("proxy_protocol"), &mut config.proxy_protocol);
    if config.proxy_protocol && config.trusted_proxies.is_none() {
        reader.bad.push(BadSetting::new(settings, "proxy_protocol", "set along with `trusted_proxies`"));
    }
}

/// The settings of the access log. A format is read also where there is no log, so that it is in order when there is one.
fn access_log(config: &mut ServerConfig, reader: &mut Reader<'_>) {
    let settings = reader.settings;
    let format = match settings.get("access_log_format").map(str::parse::<AccessLogFormat>) {
        Some(Err(error)) => {
            reader.bad.push(BadSetting::new(settings, "access_log_format", format!("a format: {error}")));
            return;
        }
        Some(Ok(format)) => format,
        None => AccessLogFormat::default(),
    };
    config.access_log = settings.get("access_log").map(str::trim).and_then(|text| {
        let destination = match text {
            // gunicorn's configuration files say `None`.
            "" | "None" | "none" => return None,
            "-" => AccessLogDestination::Stdout,
            path => AccessLogDestination::File(path.into()),
        };
        Some(AccessLogConfig { destination, format })
    });
}

/// Fills in what is set, and keeps what is wrong.
struct Reader<'a> {
    settings: &'a Settings,
    bad: Vec<BadSetting>,
}

impl Reader<'_> {
    fn parse<T: FromStr>(&mut self, name: &str, value: &mut T) {
        self.take(self.settings.parse(name), value);
    }

    /// The rights of a file, as `chmod` has them. Python writes `0o22` for what others write as `022`.
    fn rights(&mut self, name: &str) -> Option<u32> {
        let text = self.settings.get(name)?.trim();
        let digits = text.strip_prefix("0o").unwrap_or(text);
        let rights = u32::from_str_radix(digits, 8).ok().filter(|rights| *rights <= 0o777);
        if rights.is_none() {
            self.bad.push(BadSetting::new(self.settings, name, "the rights of a file, in octal"));
        }
        rights
    }

    fn take<T>(&mut self, read: Result<Option<T>, BadSetting>, value: &mut T) {
        match read {
            Ok(Some(read)) => *value = read,
            Ok(None) => {}
            Err(bad) => self.bad.push(bad),
        }
    }
}

/// Addresses with commas or blanks between.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character == ',' || character.is_whitespace())
        .filter(|word| !word.is_empty())
}

/// `*:6543` and `:6543` are that port of every address which the machine has.
fn everywhere(address: &str) -> Vec<String> {
    let Some(port) = address.strip_prefix("*:").or_else(|| address.strip_prefix(':')) else {
        return vec![address.to_owned()];
    };
    // A machine may do without the newer protocol.
    let six = UdpSocket::bind(("::", 0)).is_ok().then(|| format!("[::]:{port}"));
    std::iter::once(format!("0.0.0.0:{port}")).chain(six).collect()
}

/// Work in the executor that no request waits for any more ends with the process; what runs may come to its end.
pub(super) fn drain(app: &App) -> crate::error::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let report =
        runtime.block_on(app.application().executor().shutdown(Duration::from_secs(1), Unstarted::Drop));
    if report.abandoned_jobs > 0 {
        tracing::warn!("blocking views that were still running, and left behind: {}", report.abandoned_jobs);
    }
    Ok(())
}
