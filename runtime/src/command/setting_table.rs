//! Every setting of the framework's own, in one table: from it the command line, the environment, files and `help` know what
//! there is.

use std::fmt::Write;

use crate::suggestion::within;

/// A setting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) name: &'static str,
    /// What it means, with the unit of its value.
    meaning: &'static str,
    pub(super) default: &'static str,
    pub(super) part: Part,
}

/// What a setting is of, which is the section that it belongs into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    App,
    Server,
    Log,
}

const fn app(name: &'static str, meaning: &'static str, default: &'static str) -> Known {
    Known { name, meaning, default, part: Part::App }
}

const fn server(name: &'static str, meaning: &'static str, default: &'static str) -> Known {
    Known { name, meaning, default, part: Part::Server }
}

const fn log(name: &'static str, meaning: &'static str, default: &'static str) -> Known {
    Known { name, meaning, default, part: Part::Log }
}

/// In the order of `help`. `executor.POOL.threads` and `executor.POOL.queue` are there for every pool.
pub(super) const TABLE: &[Known] = &[
    server(
        "listen",
        "Where to listen: `HOST:PORT`, `unix:PATH`, `fd://NUMBER` or `systemd`, several with commas between",
        "127.0.0.1:6543",
    ),
    server("loops", "Event loops, each a thread", "one for each processor"),
    server("workers", "Processes that serve, under one that looks after them", "none: this one serves"),
    server("worker_timeout", "Seconds without a sign of life after which a worker is replaced", "30"),
    server("max_requests", "Requests after which a worker is replaced", "0, never"),
    server("max_requests_jitter", "The most that are added to that at random", "0"),
    server("backlog", "Connections that the kernel holds ready", "2048"),
    server(
        "uwsgi_socket",
        "The same for a server in front that speaks uwsgi; without `listen`, nothing else",
        "none",
    ),
    server("uwsgi_allow_from", "Who may speak it: addresses and networks, or `*`", "127.0.0.1,::1"),
    server("socket_mode", "Rights of a unix socket, in octal", "666"),
    server("tls_certificate", "File with the certificate, in PEM", "none: no TLS"),
    server("tls_key", "File with its key, in PEM", "`tls_certificate`"),
    server("trusted_proxies", "Servers in front that are believed when they name their client", "none"),
    server("proxy_headers", "In which fields", "x-forwarded-for, x-forwarded-proto"),
    server("proxy_protocol", "Whether they speak the PROXY protocol", "false"),
    server("reuse_port", "Share ports with other programs of the same user", "false"),
    server("pidfile", "File for the number of the process", "none"),
    server("max_connections", "Connections at a time; later ones wait", "10000"),
    server("max_head", "Bytes of a request's head", "32768"),
    server("max_target", "Bytes of a request's target", "8192"),
    server("max_streams", "Streams that an HTTP/2 connection has open at a time", "100"),
    server("max_header_list", "Bytes of the decoded head of an HTTP/2 request", "16384"),
    server("head_timeout", "Seconds for the head of a request", "10"),
    server("keep_alive", "Seconds between two requests of a connection", "15"),
    server("body_rate", "Bytes of a body that have to arrive in each second", "240"),
    server("body_patience", "Seconds over which that is measured", "5"),
    server("response_timeout", "Seconds in which a client takes nothing of a response", "30"),
    server("half_close_grace", "Seconds in which a client may close its side and still be answered", "0.25"),
    server("shutdown_timeout", "Seconds that a graceful stop waits", "10"),
    server("access_log", "File for a line a request; `-` is standard output. USR1 opens it again", "none"),
    server(
        "health_listen",
        "Where it is told how the server is: `HOST:PORT` or `unix:PATH`; `/health`, `/ready`, `/metrics`",
        "none",
    ),
    server(
        "access_log_format",
        "common, combined, json, or a format of gunicorn's: `%(h)s %(r)s %(s)s`",
        "combined",
    ),
    server("user", "User to become once the sockets are open, by name or number", "none: who starts it"),
    server("group", "Group to become", "that of `user`"),
    server("umask", "Rights that new files do without, in octal", "as inherited"),
    server(
        "reload",
        "Build and start anew when a source changes, and refresh the pages that are open; also `--reload`",
        "false",
    ),
    server("reload_extra_files", "Files with commas between; a change of one starts anew, too", "none"),
    app(
        "development",
        "Name coroutines that hold an event loop; show errors as pages",
        "true in a debug build",
    ),
    app("reload_templates", "Read templates again for each answer", "as `development`"),
    app("method_not_allowed", "Answer a wrong method with 405; if false with 404, as Pyramid does", "true"),
    app("prevent_cachebust", "Leave cache busters away, to look for what is behind a URL", "false"),
    app("prevent_http_cache", "Send none of the headers that `http_cache` asks for", "false"),
    app("tweens", "The tweens that are used, the outermost first", "all, as `under` and `over` say"),
    app("includes", "Parts of the framework that are included: `aiopyramid::toolbar`", "none"),
    app("debugtoolbar.enabled", "Whether the debug toolbar, where it is included, is there", "true"),
    app("debugtoolbar.hosts", "Addresses and networks of those who may see it, or `*`", "127.0.0.1 ::1"),
    app("debugtoolbar.server_names", "Names of this server, besides `localhost` and addresses", "none"),
    app("debugtoolbar.intercept_exc", "Show errors in place of the answer", "true"),
    app("debugtoolbar.intercept_redirects", "Show redirects instead of following them", "false"),
    app("debugtoolbar.show_on_exc_only", "No button on pages that are in order", "false"),
    app("debugtoolbar.exclude_prefixes", "What paths that it leaves alone begin with", "none"),
    app("debugtoolbar.panels", "Its panels, in their order", "all"),
    app("debugtoolbar.extra_panels", "Panels besides those", "none"),
    app("debugtoolbar.active_panels", "Panels that gather what they show", "all"),
    app("debugtoolbar.max_request_history", "Requests that it remembers", "100"),
    app("debugtoolbar.max_visible_requests", "Requests that it lists", "10"),
    app("virtual_root_header", "The header in which a proxy says what part of the tree it shows", "none"),
    app(
        "auth_secret",
        "What tickets are signed with, 32 bytes or more; of several with spaces between the first signs",
        "none",
    ),
    app("readiness_timeout", "Seconds that a check of readiness may take", "2"),
    app("max_body", "Bytes of a request's body", "1048576"),
    app("max_form_fields", "Fields of a form or a query string", "1000"),
    app("max_multipart_parts", "Parts of a multipart body", "100"),
    app(
        "session_secret",
        "What sessions are signed with, 32 bytes or more; of several with spaces between the first signs",
        "none",
    ),
    app("csrf_trusted_origins", "Hosts whose pages may send forms over https, besides this one", "none"),
    app("executor.threads", "Threads for blocking views", "four for each processor"),
    app("executor.queue", "Blocking views that may wait for one of them", "1000"),
    app("websocket_message_size", "Bytes of a message of a websocket", "1048576"),
    app("websocket_frame_size", "Bytes of a frame", "as of a message"),
    app("websocket_heartbeat", "Seconds of silence before a ping", "30"),
    app("websocket_heartbeat_timeout", "Seconds for its answer", "20"),
    app("websocket_close_timeout", "Seconds for the client's part of closing", "10"),
    app("websocket_handshake_timeout", "Seconds for what comes after the answer to a handshake", "10"),
    app("websocket_compression", "Compress messages where the client can", "true"),
    app("websocket_compression_level", "How hard to try, from 0 to 9", "6"),
    app("websocket_compression_smallest", "Bytes from which on a message is compressed", "128"),
    app(
        "websocket_context_takeover",
        "Who may refer to earlier messages: none, server, client or both",
        "none",
    ),
    app("websocket_window_bits", "How far back, as a power of two, from 9 to 15", "12"),
    app("websocket_origin", "any, same_host, or the origins that may open sockets", "same_host"),
    app("websocket_outbox", "Messages that may wait for a client", "64"),
    app("websocket_slow_reader", "Where more would have to wait: wait, drop_oldest or close", "wait"),
    app(
        "websocket_rooms",
        "Where rooms are: process, or redis://HOST:PORT/DB for all that know it",
        "process",
    ),
    app("websocket_rooms_prefix", "What the names of channels and keys begin with there", "aiopyramid"),
    app("websocket_rooms_timeout", "Seconds until those are gone whose process was killed", "30"),
    app("websocket_connections", "Sockets that are open at a time", "16384"),
    log("log", "error, warn, info, debug, trace or off", "info"),
    log("log_format", "text, json, or a format of Python's: `%(asctime)s %(message)s`", "text"),
    log("log_file", "File for the log; `-` is standard error. USR1 opens it again by its name", "-"),
];

/// The setting of this name.
pub(super) fn find(name: &str) -> Option<&'static Known> {
    TABLE.iter().find(|known| known.name == name)
}

/// Whether this is a setting of a pool of threads. Whether there is such a pool is found out when the application is made.
pub(super) fn is_pool(name: &str) -> bool {
    name.strip_prefix("executor.").is_some_and(|rest| rest.split('.').count() == 2)
}

/// The names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|known| known.name)
}

/// The known word that `written` was meant to be, among names that are free to choose: only a slip of the pen counts.
pub(super) fn slip<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known = known.into_iter().filter(|word| !differ_in_digits(written, word));
    within(written, known, |letters| match letters {
        0..5 => 0,
        5..10 => 1,
        _ => 2,
    })
}

/// `host1` and `host2` are two names, and not one misspelt.
fn differ_in_digits(one: &str, other: &str) -> bool {
    let without = |text: &str| text.replace(|character: char| character.is_ascii_digit(), "");
    one != other && without(one) == without(other)
}

/// What `help` prints of the settings.
pub(super) fn help() -> String {
    let mut text = String::new();
    let width = TABLE.iter().map(|known| known.name.len()).max().unwrap_or(0);
    for (part, title) in [
        (Part::App, "Of the application, `[app:main]` in a file"),
        (Part::Server, "Of the server, `[server:main]`"),
        (Part::Log, "Of the log"),
    ] {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "\n{title}:");
        for Known { name, meaning, default, .. } in TABLE.iter().filter(|known| known.part == part) {
            let _ = writeln!(text, "  {name:width$}  {meaning} [{default}]");
        }
        if part == Part::App {
            let _ = writeln!(
                text,
                "  executor.POOL.threads, executor.POOL.queue   The same for a pool with a name; `static` reads files"
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggestion::nearest;

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<_> = names().collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }

    #[test]
    fn the_guide_explains_every_setting() {
        let guide = include_str!("../guide/configuring.md");
        for known in TABLE {
            assert!(guide.contains(&format!("`{}`", known.name)), "{}", known.name);
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_no_other_name() {
        let known = ["log", "max_body", "shop.currency", "db.host1", "listen"];
        assert_eq!(slip("max_bdy", known), Some("max_body"));
        assert_eq!(slip("shop.curency", known), Some("shop.currency"));
        for own in ["logo", "list", "db.host2", "lists"] {
            assert_eq!(slip(own, known), None, "{own}");
        }
        assert_eq!(nearest("lisen", known), Some("listen"));
    }
}
