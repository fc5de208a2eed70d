//! The command line and the environment.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use super::deployment::{Deployment, Source};
use super::setting_table;
use crate::app::settings::Settings;
use crate::app::suggestion::nearest;

/// What `help` prints.
pub(super) fn help() -> String {
    format!("{HELP}{}", setting_table::help())
}

const HELP: &str = "\
Usage: APPLICATION [COMMAND] [FILE[#NAME]] [NAME=VALUE]...

Commands:
  serve     Serve the application (the default)
  routes    Print the routes in matching order, with their views
  views [METHOD] PATH   Print the views that a request chooses among, and why those decline that do not answer it
  tweens    Print what stands around the application, the outermost first
  settings  Print every setting with its value, and where that comes from
  check     Make the application, and say everything that is wrong with it
  help      Print this

FILE is a configuration file, in INI as Pyramid has it or in TOML: development.ini, production.toml
  FILE#NAME, -n NAME, --app-name NAME   Take `[app:NAME]` instead of `[app:main]`
  --server-name NAME                    Take `[server:NAME]` instead of `[server:main]`; `uwsgi` is `[uwsgi]`

Settings, as NAME=VALUE, as AIOPYRAMID_NAME in the environment, or in FILE; NAME=VALUE is also what `%(NAME)s` is in FILE
";

const PREFIX: &str = "AIOPYRAMID_";

const COMMANDS: &[&str] = &["serve", "routes", "views", "tweens", "settings", "check", "help"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Serve,
    Routes,
    Views,
    Tweens,
    Settings,
    Check,
    Help,
}

/// What the process was asked to do.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) command: Command,
    /// Of the request that `views` is about.
    pub(super) method: String,
    pub(super) target: String,
    /// The configuration file.
    pub(super) source: Option<Source>,
    environment: Vec<(String, String)>,
    words: Vec<(String, String)>,
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
        let mut read = Self {
            command: Command::Serve,
            method: "GET".to_owned(),
            target: String::new(),
            source: None,
            environment: Vec::new(),
            words: Vec::new(),
        };
        for (name, value) in environment {
            // A dot cannot stand in the name of a variable.
            let name = name.replace("__", ".");
            known(&name).map_err(|complaint| format!("{complaint} (from the environment)"))?;
            read.environment.push((name, value));
        }
        let mut words = words.into_iter().peekable();
        if let Some(word) =
            words.next_if(|word| setting(word).is_none() && (!word.starts_with('-') || is_help(word)))
        {
            read.command = match word.as_str() {
                "serve" => Command::Serve,
                "routes" => Command::Routes,
                "views" => Command::Views,
                "tweens" => Command::Tweens,
                "settings" => Command::Settings,
                "check" => Command::Check,
                "help" => Command::Help,
                word if is_help(word) => Command::Help,
                other if looks_like_file(other) => {
                    return Err(format!("there is no command `{other}`; did you mean `serve {other}`?"));
                }
                other => {
                    return Err(unknown("command", other, COMMANDS.iter().copied()));
                }
            };
        }
        let (mut app, mut server) = (None, None);
        while let Some(word) = words.next() {
            if matches!(read.command, Command::Views) && read.target.is_empty() && word.starts_with('/') {
                read.target = word;
            } else if matches!(read.command, Command::Views) && is_method(&word) {
                read.method = word;
            } else if let Some((name, value)) = setting(&word) {
                read.words.push((name.to_owned(), value.to_owned()));
            } else if word.starts_with('-') {
                let (option, value) = match word.split_once('=') {
                    Some((option, value)) => (option, Some(value.to_owned())),
                    None => (word.as_str(), None),
                };
                let target = match option {
                    "-n" | "--app-name" => &mut app,
                    "--server-name" => &mut server,
                    _ => return Err(strange_option(&word)),
                };
                *target = Some(
                    value
                        .or_else(|| words.next())
                        .ok_or_else(|| format!("`{word}` needs a name behind it"))?,
                );
            } else if looks_like_file(&word) || Path::new(&word).is_file() {
                if let Some(first) = &read.source {
                    return Err(format!(
                        "there is one configuration file, and not both `{}` and `{word}`",
                        first.path.display()
                    ));
                }
                let (path, name) = match word.split_once('#') {
                    Some((path, name)) => (path, Some(name.to_owned())),
                    None => (word.as_str(), None),
                };
                read.source = Some(Source { path: PathBuf::from(path), app: name, server: None });
            } else {
                return Err(format!("expected a configuration file or `name=value`, found `{word}`"));
            }
        }
        if matches!(read.command, Command::Views) && read.target.is_empty() {
            return Err("`views` needs a path behind it, such as `/`".to_owned());
        }
        match &mut read.source {
            Some(source) => {
                source.app = app.or(source.app.take());
                source.server = server;
            }
            None if app.is_some() || server.is_some() => {
                return Err(
                    "`--app-name` and `--server-name` are about a configuration file, and there is none"
                        .to_owned(),
                );
            }
            None => {}
        }
        if read.source.is_none() {
            for (name, _) in &read.words {
                known(name)?;
            }
        }
        Ok(read)
    }

    /// What the configuration file says.
    pub(super) fn deployment(&self) -> Result<Deployment, Vec<String>> {
        let variables: BTreeMap<_, _> = self.words.iter().cloned().collect();
        self.source
            .as_ref()
            .map_or_else(|| Ok(Deployment::default()), |source| Deployment::read(source, &variables))
    }

    /// All settings, later sources winning: the file, the environment, the command line.
    pub(super) fn settings(&self, deployment: &Deployment) -> Result<Settings, String> {
        let mut settings = Settings::new();
        deployment.fill(&mut settings);
        for (name, value) in &self.environment {
            settings.set(name, value, "the environment");
        }
        for (name, value) in &self.words {
            let ours = known(name);
            if let (Err(complaint), Some(source)) = (&ours, &self.source)
                && !deployment.asks_for(name)
            {
                let used = nearest(name, deployment.used());
                let near = used.map(|near| format!("; did you mean `{near}`?"));
                let complaint = near
                    .as_ref()
                    .map_or_else(|| complaint.clone(), |near| format!("there is no setting `{name}`{near}"));
                return Err(format!("{complaint} (and no `%({name})s` in {})", source.path.display()));
            }
            // What is only the value of a `%(name)s` is no setting.
            if ours.is_ok() || deployment.sets(name) {
                settings.set(name, value, "the command line");
            }
        }
        Ok(settings)
    }
}

/// `name=value`. A path may have an equals sign in it, behind a slash.
fn setting(word: &str) -> Option<(&str, &str)> {
    word.split_once('=').filter(|(name, _)| !name.contains('/') && !name.starts_with('-'))
}

/// `POST`. No setting and no file is called like that.
fn is_method(word: &str) -> bool {
    word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_help(word: &str) -> bool {
    ["--help", "-h"].contains(&word)
}

/// Whether this is the name of a file, so that one that is not there is said to be missing.
fn looks_like_file(word: &str) -> bool {
    let path = Path::new(word.split_once('#').map_or(word, |(path, _)| path));
    path.extension().is_some() || word.contains('/')
}

fn strange_option(word: &str) -> String {
    let name = word.trim_start_matches('-').split('=').next().unwrap_or_default().replace('-', "_");
    if setting_table::find(&name).is_some() {
        return format!("there is no option `{word}`; settings are written without hyphens, `{name}=...`");
    }
    format!("there is no option `{word}`; `help` lists them")
}

/// An application's own settings have a dot in their names, `shop.currency`, which tells them from a slip of the pen.
fn known(name: &str) -> Result<(), String> {
    match setting_table::find(name) {
        Some(known) if known.since.is_none() => {
            Err(format!("the setting `{name}` has no effect yet in this version"))
        }
        None if !name.contains('.') => Err(unknown("setting", name, setting_table::names())),
        _ => Ok(()),
    }
}

fn unknown<'a>(kind: &str, written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(written, known) {
        Some(near) => format!("there is no {kind} `{written}`; did you mean `{near}`?"),
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
        let settings = settings.unwrap().settings(&Deployment::default()).unwrap();
        assert_eq!((settings.get("loops"), settings.get("executor.threads")), (Some("2"), Some("3")));
        assert_eq!(settings.source("loops"), Some("the command line"));
    }

    #[test]
    fn a_word_that_may_be_a_file_is_one() {
        let source = |words: &[&str]| read(&[], words).unwrap().source.unwrap();
        let plain = source(&["serve", "development.ini", "http_port=1"]);
        assert_eq!((plain.path.to_str(), plain.app, plain.server), (Some("development.ini"), None, None));
        let named = source(&["check", "conf/x=y.ini#shop", "--server-name", "uwsgi"]);
        assert_eq!(named.path.to_str(), Some("conf/x=y.ini"));
        assert_eq!((named.app.as_deref(), named.server.as_deref()), (Some("shop"), Some("uwsgi")));
        assert_eq!(source(&["serve", "a.ini#x", "--app-name=y"]).app.as_deref(), Some("y"));
        for (words, complaint) in [
            (
                &["development.ini"][..],
                "there is no command `development.ini`; did you mean `serve development.ini`?",
            ),
            (
                &["serve", "a.ini", "b.ini"],
                "there is one configuration file, and not both `a.ini` and `b.ini`",
            ),
            (&["serve", "-n"], "`-n` needs a name behind it"),
            (
                &["serve", "--loops=2"],
                "there is no option `--loops=2`; settings are written without hyphens, `loops=...`",
            ),
            (&["serve", "--reloda"], "there is no option `--reloda`; `help` lists them"),
            (
                &["serve", "-n", "x"],
                "`--app-name` and `--server-name` are about a configuration file, and there is none",
            ),
        ] {
            assert_eq!(read(&[], words).unwrap_err(), complaint);
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
