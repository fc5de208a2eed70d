//! The command line and the environment.

mod vocabulary;

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use super::deployment::{Deployment, Source};
use super::setting_table;
use crate::app::settings::Settings;
use crate::suggestion::nearest;

pub(super) use vocabulary::{COMMANDS, Choice, Command, OPTIONS, OptionEntry};

const PREFIX: &str = "AIOPYRAMID_";

/// What the process was asked to do.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) command: Command,
    /// What a word behind the command says: the shell of `completions`, the command of `help`.
    pub(super) subject: Option<String>,
    /// Of the request that `views` and `request` are about.
    pub(super) method: Option<String>,
    pub(super) target: String,
    options: Vec<(Choice, String)>,
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
            subject: None,
            method: None,
            target: String::new(),
            options: Vec::new(),
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
        let mut named = None;
        if let Some(word) = words.next_if(|word| setting(word).is_none() && !word.starts_with('-')) {
            read.command = Command::named(&word).ok_or_else(|| {
                if looks_like_file(&word) {
                    format!("there is no command `{word}`; did you mean `serve {word}`?")
                } else {
                    unknown_command(&word)
                }
            })?;
            named = Some(read.name().to_owned()).filter(|_| read.command != Command::Help);
        }
        while let Some(word) = words.next() {
            if is_help(&word) {
                // Of the command before it, whatever else was said.
                read.command = Command::Help;
                read.subject = named.or(read.subject);
                return Ok(read);
            } else if word.starts_with('-') && word.len() > 1 {
                read.option(&word, &mut words)?;
            } else {
                read.word(word)?;
            }
        }
        read.settle()?;
        Ok(read)
    }

    /// A word that is no option.
    fn word(&mut self, word: String) -> Result<(), String> {
        let has_target = self.command.has_target();
        if has_target && self.target.is_empty() && word.starts_with('/') && !is_configuration(&word) {
            self.target = word;
        } else if has_target && self.method.is_none() && is_method(&word) {
            self.method = Some(word);
        } else if matches!(self.command, Command::Completions | Command::Help) {
            if self.subject.is_some() {
                return Err(format!("expected one word behind `{}`, found `{word}` too", self.name()));
            }
            self.subject = Some(word);
        } else if let Some((name, value)) = setting(&word) {
            self.words.push((name.to_owned(), value.to_owned()));
        } else if looks_like_file(&word) || Path::new(&word).is_file() {
            if let Some(first) = &self.source {
                return Err(format!(
                    "there is one configuration file, and not both `{}` and `{word}`",
                    first.path.display()
                ));
            }
            let (path, name) = match word.split_once('#') {
                Some((path, name)) => (path, Some(name.to_owned())),
                None => (word.as_str(), None),
            };
            self.source = Some(Source { path: PathBuf::from(path), app: name, server: None });
        } else {
            return Err(format!("expected a configuration file or `name=value`, found `{word}`"));
        }
        Ok(())
    }

    fn option(&mut self, word: &str, words: &mut impl Iterator<Item = String>) -> Result<(), String> {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word, None),
        };
        let Some(entry) = OptionEntry::named(name) else { return Err(strange_option(word, self.command)) };
        if !entry.commands.contains(&self.command) {
            let commands: Vec<_> =
                entry.commands.iter().map(|command| format!("`{}`", command.entry().name)).collect();
            return Err(format!(
                "`{name}` is no option of `{}`, but of {}",
                self.name(),
                commands.join(", ")
            ));
        }
        let value = match (entry.value, value) {
            (Some(expected), value) => value
                .or_else(|| words.next())
                .ok_or_else(|| format!("`{name}` needs a value behind it, {expected}"))?,
            (None, Some(_)) => return Err(format!("`{name}` has no value, but `{word}` gives it one")),
            (None, None) => String::new(),
        };
        self.options.push((entry.choice, value));
        Ok(())
    }

    /// What can be said only when every word is known.
    fn settle(&mut self) -> Result<(), String> {
        if self.command.has_target() && self.target.is_empty() {
            return Err(format!("`{}` needs a path behind it, such as `/`", self.name()));
        }
        let (app, server) = (self.value(Choice::AppName), self.value(Choice::ServerName));
        let (app, server) = (app.map(str::to_owned), server.map(str::to_owned));
        match &mut self.source {
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
        if self.source.is_none() {
            for (name, _) in &self.words {
                known(name)?;
            }
        }
        Ok(())
    }

    fn name(&self) -> &'static str {
        self.command.entry().name
    }

    /// Whether an option was given.
    pub(super) fn has(&self, choice: Choice) -> bool {
        self.values(choice).next().is_some()
    }

    /// The value of an option; of several, the last.
    pub(super) fn value(&self, choice: Choice) -> Option<&str> {
        self.values(choice).last()
    }

    /// The values of an option that may be given several times.
    pub(super) fn values(&self, choice: Choice) -> impl Iterator<Item = &str> {
        self.options.iter().filter(move |(given, _)| *given == choice).map(|(_, value)| value.as_str())
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
        if self.has(Choice::Reload) {
            settings.set("reload", "true", "the command line");
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

/// A file that is there, and that has the name of a configuration file: an absolute path, and not that of a request.
fn is_configuration(word: &str) -> bool {
    let path = Path::new(word.split_once('#').map_or(word, |(path, _)| path));
    path.extension().is_some_and(|extension| extension == "ini" || extension == "toml") && path.is_file()
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

fn strange_option(word: &str, command: Command) -> String {
    let written = word.split('=').next().unwrap_or_default();
    let name = written.trim_start_matches('-').replace('-', "_");
    if setting_table::find(&name).is_some() {
        return format!("there is no option `{word}`; settings are written without hyphens, `{name}=...`");
    }
    let near = nearest(written, OptionEntry::of(command).map(|entry| entry.long));
    match near {
        Some(near) => format!("there is no option `{word}`; did you mean `{near}`?"),
        None => format!("there is no option `{word}`; `help {}` lists them", command.entry().name),
    }
}

/// An application's own settings have a dot in their names, `shop.currency`, which tells them from a slip of the pen.
fn known(name: &str) -> Result<(), String> {
    match setting_table::find(name) {
        None if !name.contains('.') => Err(unknown("setting", name, setting_table::names())),
        _ => Ok(()),
    }
}

/// What is said to a name that no command has.
pub(super) fn unknown_command(name: &str) -> String {
    unknown("command", name, COMMANDS.iter().map(|entry| entry.name))
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
            (&["serve", "-n"], "`-n` needs a value behind it, NAME"),
            (
                &["serve", "--loops=2"],
                "there is no option `--loops=2`; settings are written without hyphens, `loops=...`",
            ),
            (&["serve", "--reloda"], "there is no option `--reloda`; did you mean `--reload`?"),
            (&["routes", "--jsn"], "there is no option `--jsn`; did you mean `--json`?"),
            (&["tweens", "--json=yes"], "`--json` has no value, but `--json=yes` gives it one"),
            (&["serve", "--glob", "x"], "`--glob` is no option of `serve`, but of `routes`"),
            (&["request"], "`request` needs a path behind it, such as `/`"),
            (&["help", "routes", "views"], "expected one word behind `help`, found `views` too"),
            (
                &["serve", "-n", "x"],
                "`--app-name` and `--server-name` are about a configuration file, and there is none",
            ),
        ] {
            assert_eq!(read(&[], words).unwrap_err(), complaint);
        }
    }

    #[test]
    fn a_request_is_described_in_any_order_and_a_file_may_stand_before_its_path() {
        let asked = read(
            &[],
            &["request", "POST", "app.ini", "/a?b=c", "-d", "--header", "X-One:1", "-H", "X-Two:2"],
        );
        let asked = asked.unwrap();
        assert_eq!((asked.method.as_deref(), &*asked.target), (Some("POST"), "/a?b=c"));
        assert!(asked.has(Choice::DisplayHeaders) && !asked.has(Choice::Json));
        assert_eq!(asked.values(Choice::Header).collect::<Vec<_>>(), ["X-One:1", "X-Two:2"]);
        assert_eq!(asked.source.unwrap().path.to_str(), Some("app.ini"));
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let asked = read(&[], &["views", file, "/"]).unwrap();
        assert_eq!((asked.source.unwrap().path.to_str(), &*asked.target), (Some(file), "/"));
    }

    #[test]
    fn help_is_about_the_command_that_it_is_asked_of() {
        let subject = |words: &[&str]| {
            let read = read(&[], words).unwrap();
            assert_eq!(read.command, Command::Help, "{words:?}");
            read.subject
        };
        assert_eq!(subject(&["--help"]), None);
        assert_eq!(subject(&["help", "-h"]), None);
        for words in [&["help", "views"][..], &["views", "--help"], &["views", "/", "--json", "-h", "x"]] {
            assert_eq!(subject(words).as_deref(), Some("views"), "{words:?}");
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
