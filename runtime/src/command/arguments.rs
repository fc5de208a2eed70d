//! The command line and the environment.

use std::env;

use crate::app::settings::Settings;

/// What `help` prints.
pub(super) const HELP: &str = "\
Usage: APPLICATION [COMMAND] [NAME=VALUE]...

Commands:
  serve    Serve the application (the default)
  routes   Print the routes in matching order, with their views
  tweens   Print what stands around the application, the outermost first
  check    Make the application, and say everything that is wrong with it
  help     Print this

Settings, as NAME=VALUE or as AIOPYRAMID_NAME in the environment:
  listen               Where to listen: `HOST:PORT`, `unix:PATH`, `fd://NUMBER` or `systemd`, several with commas
                       between [127.0.0.1:6543]
  backlog              Connections that the kernel holds ready [2048]
  uwsgi_socket         The same for a server in front that speaks uwsgi; without `listen`, nothing else [none]
  uwsgi_allow_from     Who may: addresses and networks, or `*` [127.0.0.1,::1]
  socket_mode          Rights of a unix socket, in octal [666]
  reuse_port           Share ports with other programs of the same user [false]
  pidfile              File for the number of the process [none]
  loops                Event loops, each a thread [one for each processor]
  development          Name coroutines that hold an event loop [true in a debug build]
  log                  error, warn, info, debug, trace or off [info]
  method_not_allowed   Answer a wrong method with 405; if false with 404, as Pyramid does [true]
  prevent_cachebust    Leave cache busters away, to look for what is behind a URL [false]
  tweens               The tweens that are used, the outermost first [all, as `under` and `over` say]
  prevent_http_cache   Send none of the headers that `http_cache` asks for [false]
  virtual_root_header  The header in which a proxy says what part of the tree it shows, `X-Vhm-Root` [none]
  max_body             Bytes of a request's body [1048576]
  max_form_fields      Fields of a form or a query string [1000]
  max_multipart_parts  Parts of a multipart body [100]
  executor.threads     Threads for blocking views [four for each processor]
  executor.queue       Blocking views that may wait for one of them [1000]
  executor.POOL.threads, executor.POOL.queue   The same for a pool with a name; `static` reads files
  max_connections      Connections at a time [10000]
  max_head, max_target Bytes of a request's head, and of its target [32768, 8192]
  body_rate            Bytes of a body that have to arrive in each second, once it has taken body_patience [240]
  head_timeout, keep_alive, body_patience, response_timeout, shutdown_timeout   Seconds [10, 15, 5, 30, 10]
  websocket_message_size, websocket_frame_size   Bytes of a message, and of a frame [1048576, those of a message]
  websocket_heartbeat, websocket_heartbeat_timeout   Seconds of silence before a ping, and for its answer [30, 20]
  websocket_close_timeout, websocket_handshake_timeout   Seconds [10, 10]
  websocket_compression   Compress messages where the client can [true]
  websocket_origin     Whose pages may open sockets: `same_host`, `any`, or origins besides the same host [same_host]
  websocket_outbox     Messages of others that may wait for a client [64]
  websocket_slow_reader   What becomes of further ones: `wait`, `drop_oldest` or `close` [wait]
  websocket_connections   Open sockets of the process [16384]
  half_close_grace     Seconds in which a client may close its side and still wait for the answer [0.25]
";

/// Every setting of the framework's own.
const SETTINGS: &[&str] = &[
    "listen",
    "backlog",
    "uwsgi_socket",
    "uwsgi_allow_from",
    "socket_mode",
    "reuse_port",
    "pidfile",
    "loops",
    "development",
    "log",
    "method_not_allowed",
    "prevent_http_cache",
    "virtual_root_header",
    "prevent_cachebust",
    "tweens",
    "max_body",
    "max_form_fields",
    "max_multipart_parts",
    "executor.threads",
    "executor.queue",
    "head_timeout",
    "keep_alive",
    "response_timeout",
    "shutdown_timeout",
    "max_connections",
    "max_head",
    "max_target",
    "body_rate",
    "body_patience",
    "half_close_grace",
    "websocket_message_size",
    "websocket_frame_size",
    "websocket_heartbeat",
    "websocket_heartbeat_timeout",
    "websocket_close_timeout",
    "websocket_handshake_timeout",
    "websocket_compression",
    "websocket_origin",
    "websocket_outbox",
    "websocket_slow_reader",
    "websocket_connections",
];

const PREFIX: &str = "AIOPYRAMID_";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Serve,
    Routes,
    Tweens,
    Check,
    Help,
}

/// What the process was asked to do.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) command: Command,
    /// Names and values with where they came from, later ones winning.
    given: Vec<(String, String, &'static str)>,
}

impl Arguments {
    pub(super) fn of_process() -> Result<Self, String> {
        let environment = env::vars_os().filter_map(|(name, value)| {
            Some((
                name.into_string().ok()?.strip_prefix(PREFIX)?.to_ascii_lowercase(),
                value.into_string().ok()?,
            ))
        });
        let words: Result<Vec<_>, _> = env::args_os().skip(1).map(std::ffi::OsString::into_string).collect();
        let words = words.map_err(|word| format!("`{}` is no text in UTF-8", word.to_string_lossy()))?;
        Self::read(environment, words)
    }

    fn read(
        environment: impl IntoIterator<Item = (String, String)>,
        words: impl IntoIterator<Item = String>,
    ) -> Result<Self, String> {
        let mut read = Self { command: Command::Serve, given: Vec::new() };
        for (name, value) in environment {
            // A dot cannot stand in the name of a variable.
            let name = name.replace("__", ".");
            known(&name).map_err(|complaint| format!("{complaint} (from the environment)"))?;
            read.given.push((name, value, "the environment"));
        }
        let mut words = words.into_iter().peekable();
        if let Some(word) = words.next_if(|word| !word.contains('=')) {
            read.command = match word.as_str() {
                "serve" => Command::Serve,
                "routes" => Command::Routes,
                "tweens" => Command::Tweens,
                "check" => Command::Check,
                "help" | "--help" | "-h" => Command::Help,
                other => {
                    return Err(unknown("command", other, &["serve", "routes", "tweens", "check", "help"]));
                }
            };
        }
        for word in words {
            let Some((name, value)) = word.split_once('=') else {
                return Err(format!("expected `name=value`, found `{word}`"));
            };
            known(name)?;
            read.given.push((name.to_owned(), value.to_owned(), "the command line"));
        }
        Ok(read)
    }

    pub(super) fn settings(&self) -> crate::error::Result<Settings> {
        let mut settings = Settings::new();
        for (name, value, source) in &self.given {
            settings.set(name, value, *source);
        }
        Ok(settings)
    }
}

/// An application's own settings have a dot in their names, `shop.currency`, which tells them from a slip of the pen.
fn known(name: &str) -> Result<(), String> {
    if SETTINGS.contains(&name) || name.contains('.') {
        Ok(())
    } else {
        Err(unknown("setting", name, SETTINGS))
    }
}

fn unknown(kind: &str, written: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(written, word), word))
        .filter(|(distance, word)| *distance <= (word.len() / 3).max(1))
        .min();
    match near {
        Some((_, near)) => format!("there is no {kind} `{written}`; did you mean `{near}`?"),
        None => format!("there is no {kind} `{written}`; `help` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(environment: &[(&str, &str)], words: &[&str]) -> Result<Arguments, String> {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Arguments::read(environment, words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn without_a_command_the_application_is_served() {
        assert_eq!(read(&[], &[]).unwrap().command, Command::Serve);
        assert_eq!(read(&[], &["listen=127.0.0.1:1"]).unwrap().command, Command::Serve);
        assert_eq!(read(&[], &["routes"]).unwrap().command, Command::Routes);
    }

    #[test]
    fn the_command_line_wins_over_the_environment() {
        let settings = read(&[("loops", "1"), ("executor__threads", "3")], &["serve", "loops=2"]);
        let settings = settings.unwrap().settings().unwrap();
        assert_eq!((settings.get("loops"), settings.get("executor.threads")), (Some("2"), Some("3")));
        assert_eq!(settings.source("loops"), Some("the command line"));
    }

    #[test]
    fn help_names_every_setting() {
        for setting in SETTINGS {
            assert!(
                HELP.contains(&format!("  {setting}")) || HELP.contains(&format!(", {setting}")),
                "{setting}"
            );
        }
    }

    #[test]
    fn what_is_unknown_is_refused_with_the_nearest_word() {
        assert_eq!(
            read(&[], &["lisen=x"]).unwrap_err(),
            "there is no setting `lisen`; did you mean `listen`?"
        );
        assert_eq!(read(&[], &["serv"]).unwrap_err(), "there is no command `serv`; did you mean `serve`?");
        assert!(read(&[("lops", "1")], &[]).unwrap_err().contains("environment"));
        assert_eq!(
            read(&[], &["prevent_cachbust=true"]).unwrap_err(),
            "there is no setting `prevent_cachbust`; did you mean `prevent_cachebust`?"
        );
        assert!(read(&[], &["serve", "x"]).is_err());
        assert!(read(&[], &["shop.currency=EUR"]).is_ok());
    }
}
