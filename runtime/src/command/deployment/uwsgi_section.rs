//! `[uwsgi]`: what uWSGI's own names mean here.
//!
//! The section is read where the file has no `[server:main]`, or where the command line asks for it: a file that has both is
//! one that two servers can be started with, and says twice where to listen.

use super::Meaning::{self, Is, Listen, Nothing, Refused};
use super::ini_file::IniFile;
use super::server_section::{Addresses, apply};
use super::{Local, Report};
use crate::command::setting_table;

const PYTHON: &str = "it is about Python";
const HERE: &str = "it is so in any case";
const PLUGINS: &str = "there are no plugins: coroutines and threads are there";
const SUPERVISOR: &str = "let a supervisor such as systemd run the program";

/// The options of uWSGI that files of applications use, with hyphens. (Its manual, "uWSGI Options".)
const OPTIONS: &[(&str, Meaning)] = &[
    ("http-socket", Listen),
    ("http", Listen),
    ("workers", Is("workers")),
    ("processes", Is("workers")),
    ("threads", Is("loops")),
    ("listen", Is("backlog")),
    ("chmod-socket", Is("socket_mode")),
    ("uid", Is("user")),
    ("gid", Is("group")),
    ("umask", Is("umask")),
    ("pidfile", Is("pidfile")),
    ("max-requests", Is("max_requests")),
    ("max-requests-delta", Is("max_requests_jitter")),
    ("worker-reload-mercy", Is("shutdown_timeout")),
    ("http-timeout", Is("response_timeout")),
    ("logto", Is("log_file")),
    ("limit-post", Is("max_body")),
    ("py-autoreload", Nothing("`serve --reload` builds the program anew when a source changes")),
    ("asyncio", Nothing(PLUGINS)),
    ("async", Nothing(PLUGINS)),
    ("greenlet", Nothing(PLUGINS)),
    ("ugreen", Nothing(PLUGINS)),
    ("gevent", Nothing(PLUGINS)),
    ("plugin", Nothing(PLUGINS)),
    ("plugins", Nothing(PLUGINS)),
    ("plugins-dir", Nothing(PLUGINS)),
    ("master", Nothing(HERE)),
    ("die-on-term", Nothing("TERM always stops the program")),
    ("enable-threads", Nothing(HERE)),
    ("vacuum", Nothing(HERE)),
    ("need-app", Nothing(HERE)),
    ("strict", Nothing(HERE)),
    ("thunder-lock", Nothing("event loops share their sockets")),
    ("lazy", Nothing(HERE)),
    ("lazy-apps", Nothing(HERE)),
    ("no-orphans", Nothing(HERE)),
    ("single-interpreter", Nothing(PYTHON)),
    ("buffer-size", Nothing("a packet may have the 65535 bytes that it can have")),
    ("post-buffering", Nothing("bodies are streamed")),
    ("harakiri", Nothing("a long request costs no other one")),
    ("http-keepalive", Nothing(HERE)),
    ("http-websockets", Nothing(HERE)),
    ("http-chunked-input", Nothing(HERE)),
    ("http-auto-chunked", Nothing(HERE)),
    ("http-manage-expect", Nothing(HERE)),
    ("disable-logging", Nothing("`access_log` says whether answers are logged")),
    ("procname", Nothing("a process has the name of its program")),
    ("procname-prefix", Nothing("a process has the name of its program")),
    ("auto-procname", Nothing("a process has the name of its program")),
    ("paste", Nothing("the settings are those of this file")),
    ("paste-logger", Nothing("the settings are those of this file")),
    ("ini-paste", Nothing("the settings are those of this file")),
    ("ini-paste-logged", Nothing("the settings are those of this file")),
    ("pythonpath", Nothing(PYTHON)),
    ("python-path", Nothing(PYTHON)),
    ("virtualenv", Nothing(PYTHON)),
    ("venv", Nothing(PYTHON)),
    ("home", Nothing(PYTHON)),
    ("module", Nothing(PYTHON)),
    ("wsgi", Nothing(PYTHON)),
    ("wsgi-file", Nothing(PYTHON)),
    ("callable", Nothing(PYTHON)),
    ("honour-stdin", Nothing(PYTHON)),
    ("daemonize", Refused(SUPERVISOR)),
    ("daemonize2", Refused(SUPERVISOR)),
    ("chdir", Refused("start the program in that folder, or write paths with `%(here)s`")),
    ("env", Refused("set the environment where the program is started")),
    ("https", Refused("give `[server:main]` `tls_certificate` and `tls_key`")),
    ("https-socket", Refused("give `[server:main]` `tls_certificate` and `tls_key`")),
    ("static-map", Refused("say `config.add_static_view(...)`")),
    ("cheaper", Refused("leave it out: the number of processes stays as it is")),
];

/// The sockets that speak uwsgi.
const UWSGI_SOCKETS: &[&str] = &["socket", "uwsgi-socket"];

/// Says that the section is left alone, because there is another one that says the same.
pub(super) fn leave(file: &IniFile<'_>, report: &mut Report) {
    if let Some(section) = file.document.section("uwsgi") {
        report.notes.push(format!(
            "{}: `[uwsgi]` is left alone, because there is a `[server:...]`; `--server-name uwsgi` takes it instead",
            file.place(section.line)
        ));
    }
}

/// Takes the settings over, where there is such a section.
pub(super) fn read(file: &IniFile<'_>, report: &mut Report) {
    let Some(section) = file.document.section("uwsgi") else { return };
    let (mut http, mut uwsgi) = (Addresses::default(), Addresses::default());
    for mut local in file.locals(section, report) {
        let written = local.name.clone();
        // uWSGI takes either, and so does every name below.
        local.name = local.name.replace('_', "-");
        let meaning = OPTIONS.iter().find(|(name, _)| *name == local.name).map(|(_, meaning)| *meaning);
        let own = setting_table::find(&written).filter(|known| known.part != setting_table::Part::App);
        if UWSGI_SOCKETS.contains(&local.name.as_str()) {
            addresses(&mut local);
            uwsgi.take(Listen, &local, report);
        } else if let Some(meaning) = meaning {
            if meaning == Listen {
                addresses(&mut local);
            }
            apply(meaning, &local, &mut http, report);
        } else if own.is_some() {
            local.name.clone_from(&written);
            report.set(&written, &local);
        } else {
            report.unknown(
                &local,
                "uwsgi",
                OPTIONS.iter().map(|(name, _)| *name).chain(UWSGI_SOCKETS.iter().copied()),
            );
        }
    }
    http.finish("listen", report);
    uwsgi.finish("uwsgi_socket", report);
}

/// In uWSGI's words, what has no port is the path of a unix socket.
fn addresses(local: &mut Local) {
    let value = local.value.trim();
    if !value.contains(':') {
        local.value = format!("unix:{value}");
    }
}
