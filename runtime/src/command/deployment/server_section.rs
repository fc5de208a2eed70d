//! `[server:main]`: our names, and those of gunicorn and waitress.

use super::Meaning::{self, Host, Is, Listen, Nothing, Port, Refused, UnixSocket};
use super::{Local, Report};
use crate::command::setting_table::{self, Part};

/// Whose names a section speaks in, as its `use` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `egg:gunicorn#main`, or nothing.
    Gunicorn,
    /// `egg:waitress#main`.
    Waitress,
}

impl Dialect {
    /// By the factory of the server.
    pub(super) fn of(factory: Option<&str>) -> Self {
        match factory {
            Some(factory) if factory.starts_with("egg:waitress") => Self::Waitress,
            _ => Self::Gunicorn,
        }
    }
}

const KIND: &str = "views say themselves whether they are coroutines or block";
const PYTHON: &str = "it is about Python";
const BUFFERS: &str = "buffers have the sizes that they need";
const SYSLOG: &str = "no line goes to syslog";
const BELIEVED: &str = "`proxy_headers` says which fields of `trusted_proxies` are believed";
const WHOLE_HEAD: &str = "`max_head` limits all fields together";

/// The settings of gunicorn, by the names that its configuration files use. (Its manual, "Settings".)
const GUNICORN: &[(&str, Meaning)] = &[
    ("host", Host),
    ("port", Port),
    ("bind", Listen),
    ("backlog", Is("backlog")),
    ("workers", Is("workers")),
    ("threads", Is("loops")),
    ("timeout", Is("worker_timeout")),
    ("graceful_timeout", Is("shutdown_timeout")),
    ("keepalive", Is("keep_alive")),
    ("max_requests", Is("max_requests")),
    ("max_requests_jitter", Is("max_requests_jitter")),
    ("worker_connections", Is("max_connections")),
    ("limit_request_line", Is("max_target")),
    ("limit_request_fields", Nothing("a request has at most 100 fields")),
    ("limit_request_field_size", Nothing(WHOLE_HEAD)),
    ("accesslog", Is("access_log")),
    ("access_logfile", Is("access_log")),
    ("access_logformat", Is("access_log_format")),
    ("access_log_format", Is("access_log_format")),
    ("errorlog", Is("log_file")),
    ("loglevel", Is("log")),
    ("pidfile", Is("pidfile")),
    ("user", Is("user")),
    ("group", Is("group")),
    ("umask", Is("umask")),
    ("forwarded_allow_ips", Is("trusted_proxies")),
    ("proxy_protocol", Is("proxy_protocol")),
    ("certfile", Is("tls_certificate")),
    ("keyfile", Is("tls_key")),
    ("uwsgi_allow_ips", Is("uwsgi_allow_from")),
    ("reload", Is("reload")),
    ("worker_class", Nothing(KIND)),
    ("worker_tmp_dir", Nothing("no file says that a process is alive")),
    ("proc_name", Nothing("a process has the name of its program")),
    ("preload_app", Nothing("a program is there as a whole")),
    ("reuse_port", Is("reuse_port")),
    ("sendfile", Nothing("files are sent as the system does it best")),
    ("capture_output", Nothing("what a program prints is its own")),
    ("disable_redirect_access_to_syslog", Nothing(SYSLOG)),
    ("enable_stdio_inheritance", Nothing(PYTHON)),
    ("logger_class", Nothing(PYTHON)),
    ("pythonpath", Nothing(PYTHON)),
    ("reload_engine", Nothing("there is one way to find changes")),
    ("reload_extra_files", Is("reload_extra_files")),
    ("spew", Nothing(PYTHON)),
    ("logconfig", Refused("write the sections `[loggers]`, `[handlers]` and `[formatters]` into this file")),
    (
        "logconfig_json",
        Refused("write the sections `[loggers]`, `[handlers]` and `[formatters]` into this file"),
    ),
    (
        "logconfig_dict",
        Refused("write the sections `[loggers]`, `[handlers]` and `[formatters]` into this file"),
    ),
    ("initgroups", Nothing("the groups of `user` are always taken")),
    ("proxy_allow_ips", Refused("list them in `trusted_proxies`")),
    ("secure_scheme_headers", Nothing(BELIEVED)),
    ("forwarder_headers", Nothing(BELIEVED)),
    ("header_map", Nothing("a field with `_` in its name is never taken for another one")),
    ("strip_header_spaces", Refused("leave it out: a blank before a colon is a way to smuggle requests")),
    ("permit_unconventional_http_method", Nothing("every method is taken that could be one")),
    ("permit_unconventional_http_version", Refused("leave it out: HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken")),
    ("casefold_http_method", Refused("leave it out: small letters make another method")),
    ("tmp_upload_dir", Nothing("bodies stay in memory, and `max_body` limits them")),
    ("do_handshake_on_connect", Nothing("each connection has its handshake when its client begins")),
    ("suppress_ragged_eofs", Nothing(PYTHON)),
    ("wsgi_app", Nothing("the program is the application")),
    ("check_config", Refused("run `check` with this file")),
    ("print_config", Refused("run `settings` with this file")),
    ("daemon", Refused("let a supervisor such as systemd run the program")),
    ("chdir", Refused("start the program in that folder, or write paths with `%(here)s`")),
    ("raw_env", Refused("set the environment where the program is started")),
    ("syslog", Refused("let a supervisor such as systemd take the log")),
    ("syslog_addr", Nothing(SYSLOG)),
    ("syslog_prefix", Nothing(SYSLOG)),
    ("syslog_facility", Nothing(SYSLOG)),
    ("statsd_host", Refused("leave it out")),
    ("statsd_prefix", Nothing("nothing is sent to statsd")),
    ("dogstatsd_tags", Nothing("nothing is sent to statsd")),
    ("ca_certs", Refused("leave certificates of clients to a proxy in front")),
    ("cert_reqs", Refused("leave certificates of clients to a proxy in front")),
    ("ssl_version", Refused("leave it out: TLS 1.2 and 1.3 are spoken")),
    ("ciphers", Refused("leave it out: the ciphers are those that are safe")),
];

/// The settings of waitress. (Its manual, "Arguments to `waitress.serve`".)
const WAITRESS: &[(&str, Meaning)] = &[
    ("host", Host),
    ("port", Port),
    ("listen", Listen),
    ("unix_socket", UnixSocket),
    ("unix_socket_perms", Is("socket_mode")),
    // Its threads are those that views block.
    ("threads", Is("executor.threads")),
    ("backlog", Is("backlog")),
    ("connection_limit", Is("max_connections")),
    ("channel_timeout", Is("keep_alive")),
    ("max_request_header_size", Is("max_head")),
    ("max_request_body_size", Is("max_body")),
    ("trusted_proxy", Is("trusted_proxies")),
    ("trusted_proxy_count", Nothing("the proxies are known by their addresses")),
    ("trusted_proxy_headers", Nothing("a trusted proxy is believed in all that it says")),
    ("clear_untrusted_proxy_headers", Nothing("what others say of forwarding is never believed")),
    ("log_untrusted_proxy_headers", Nothing("what others say of forwarding is never believed")),
    ("ipv4", Nothing("the addresses say it")),
    ("ipv6", Nothing("the addresses say it")),
    ("recv_bytes", Nothing(BUFFERS)),
    ("send_bytes", Nothing(BUFFERS)),
    ("outbuf_overflow", Nothing(BUFFERS)),
    ("outbuf_high_watermark", Nothing(BUFFERS)),
    ("inbuf_overflow", Nothing(BUFFERS)),
    ("cleanup_interval", Nothing("every connection has clocks of its own")),
    ("channel_request_lookahead", Nothing("one request at a time is read ahead")),
    ("expose_tracebacks", Nothing("`development` says whether errors are shown")),
    ("ident", Nothing("no answer names the server")),
    ("server_name", Nothing("the request says it")),
    ("log_socket_errors", Nothing("they are in the log at the level `debug`")),
    ("asyncore_loop_timeout", Nothing(PYTHON)),
    ("asyncore_use_poll", Nothing(PYTHON)),
    ("url_scheme", Refused("let the proxy send `X-Forwarded-Proto`")),
    ("url_prefix", Refused("let the proxy send the whole path, or include the application with a prefix")),
];

/// Takes the settings over.
pub(super) fn read(locals: &[Local], dialect: Dialect, report: &mut Report) {
    let (first, second) = match dialect {
        Dialect::Gunicorn => (GUNICORN, WAITRESS),
        Dialect::Waitress => (WAITRESS, GUNICORN),
    };
    let mut addresses = Addresses::default();
    for local in locals {
        let name = local.name.as_str();
        let own = setting_table::find(name);
        let theirs =
            || first.iter().chain(second).find(|(known, _)| *known == name).map(|(_, meaning)| *meaning);
        match own {
            Some(known) if known.part == Part::App && !name.starts_with("executor.") => {
                report.fault(
                    &local.place,
                    format!("`{name}` is the application's: it belongs into `[app:main]`"),
                );
            }
            Some(_) if name == "listen" => addresses.take(Listen, local, report),
            Some(_) => report.set(name, local),
            None if setting_table::is_pool(name) => report.set(name, local),
            None => {
                if let Some(meaning) = theirs() {
                    apply(meaning, local, &mut addresses, report);
                } else {
                    let known = setting_table::TABLE.iter().filter(|known| known.part != Part::App);
                    let theirs = first.iter().chain(second).map(|(name, _)| *name);
                    report.unknown(local, "server:main", known.map(|known| known.name).chain(theirs));
                }
            }
        }
    }
    addresses.finish("listen", report);
}

/// Does what a name means.
pub(super) fn apply(meaning: Meaning, local: &Local, addresses: &mut Addresses, report: &mut Report) {
    match meaning {
        Is(name) => report.set(name, local),
        Nothing(why) => report.ignored(local, why),
        Refused(instead) => {
            report.fault(&local.place, format!("`{}` cannot be said here; {instead}", local.name));
        }
        Host | Port | Listen | UnixSocket => addresses.take(meaning, local, report),
    }
}

/// Where to listen, as it comes together.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    host: Option<Local>,
    port: Option<Local>,
    whole: Vec<Local>,
}

impl Addresses {
    pub(super) fn take(&mut self, meaning: Meaning, local: &Local, report: &mut Report) {
        let mut local = local.clone();
        match meaning {
            Host => self.host = Some(local),
            Port => {
                if local.value.trim().parse::<u16>().is_err() {
                    let Local { name, value, place } = &local;
                    report.fault(place, format!("`{name}` is `{value}`, but should be a port, 0 to 65535"));
                }
                self.port = Some(local);
            }
            UnixSocket => {
                local.value.insert_str(0, "unix:");
                self.whole.push(local);
            }
            _ => self.whole.push(local),
        }
    }

    /// Sets `name` to all addresses, with commas between.
    pub(super) fn finish(mut self, name: &str, report: &mut Report) {
        if let Some(part) = self.port.as_ref().or(self.host.as_ref()) {
            if let Some(whole) = self.whole.first() {
                let message = format!(
                    "`{}` says where to listen, and so does `{}` in {}; leave one of them out",
                    part.name, whole.name, whole.place
                );
                report.fault(&part.place, message);
                return;
            }
            let text = |part: &Option<Local>, default: &str| {
                part.as_ref().map_or(default, |part| part.value.trim()).to_owned()
            };
            let (host, port) = (text(&self.host, "127.0.0.1"), text(&self.port, "6543"));
            let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
            let whole = Local { value: format!("{host}:{port}"), ..part.clone() };
            self.whole.push(whole);
        }
        let all: Vec<_> = self.whole.iter().flat_map(|local| words(&local.value)).collect();
        if let Some(first) = self.whole.first() {
            report.set_to(name, all.join(","), first);
        }
    }
}

/// Addresses with commas or blanks between.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character == ',' || character.is_whitespace())
        .filter(|word| !word.is_empty())
}
