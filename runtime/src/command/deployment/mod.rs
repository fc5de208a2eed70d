//! A configuration file: what it says of the application, of the server and of the log.
//!
//! INI as Pyramid's `pserve` reads it ([`paste`]), or TOML. All mistakes of a file are found at once, each a line with the name
//! of the file and the number of the line.

mod app_section;
mod ini_file;
mod literal;
mod logging_sections;
mod paste;
mod server_section;
mod toml_file;
mod uwsgi_section;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::log::LogPlan;
use crate::app::settings::Settings;
use crate::suggestion::nearest;

/// The longest file that is read: more is no configuration.
const LONGEST: u64 = 1024 * 1024;

/// Which file, and which of its sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// `NAME` of `[app:NAME]`; `None` is `main`.
    pub(super) app: Option<String>,
    /// `NAME` of `[server:NAME]`; `None` is `main`, or `[uwsgi]` where there is none.
    pub(super) server: Option<String>,
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Deployment {
    settings: Vec<FileSetting>,
    pub(super) log: Option<LogPlan>,
    /// What is to be told to the log once it is there.
    pub(super) notes: Vec<String>,
    /// The names of the command line that the file asks for.
    used: BTreeSet<String>,
}

/// A setting as the file gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileSetting {
    name: String,
    value: String,
    place: String,
    /// How the file names it.
    written: String,
}

/// All that is wrong with a file, a line each.
pub(super) type Faults = Vec<String>;

/// `name = value` with its place, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Local {
    name: String,
    value: String,
    place: String,
}

/// What reading has found out so far.
#[derive(Debug, Default)]
struct Report {
    settings: Vec<FileSetting>,
    faults: Faults,
    notes: Vec<String>,
}

/// What a name that somebody else's server knows means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The same as this setting.
    Is(&'static str),
    /// Addresses, one or several.
    Listen,
    Host,
    Port,
    /// The path of a unix socket.
    UnixSocket,
    /// Nothing, for this reason.
    Nothing(&'static str),
    /// Something that would be missed if it were left alone; what to do instead.
    Refused(&'static str),
}

impl Report {
    fn fault(&mut self, place: &str, message: impl std::fmt::Display) {
        self.faults.push(format!("{place}: {message}"));
    }

    fn set(&mut self, name: &str, local: &Local) {
        self.set_to(name, local.value.clone(), local);
    }

    /// Sets `name` to what `local` says in other words.
    fn set_to(&mut self, name: &str, value: String, local: &Local) {
        if let Some(first) = self.settings.iter().find(|setting| setting.name == name) {
            let message =
                format!("`{}` says again what `{}` in {} says", local.name, first.written, first.place);
            self.fault(&local.place, message);
            return;
        }
        let (place, written) = (local.place.clone(), local.name.clone());
        self.settings.push(FileSetting { name: name.to_owned(), value, place, written });
    }

    fn ignored(&mut self, local: &Local, why: &str) {
        self.notes.push(format!("{}: `{}` means nothing here: {why}", local.place, local.name));
    }

    fn unknown<'a>(&mut self, local: &Local, section: &str, known: impl IntoIterator<Item = &'a str>) {
        let Local { name, place, .. } = local;
        match nearest(name, known) {
            Some(near) => {
                self.fault(place, format!("there is no `{name}` in `[{section}]`; did you mean `{near}`?"));
            }
            None => self.fault(
                place,
                format!("there is no `{name}` in `[{section}]`; the guide and `help` list what there is"),
            ),
        }
    }
}

impl Deployment {
    /// Reads a file. `variables` are the `name=value` of the command line, which `%(name)s` stands for.
    pub(super) fn read(source: &Source, variables: &BTreeMap<String, String>) -> Result<Self, Faults> {
        let text = text(&source.path).map_err(|fault| vec![fault])?;
        let mut report = Report::default();
        let used = RefCell::new(BTreeSet::new());
        let shown = source.path.display().to_string();
        let log = if source.path.extension().is_some_and(|extension| extension == "toml") {
            if let Some(name) = source.app.as_ref().or(source.server.as_ref()) {
                return Err(vec![format!(
                    "{shown}: a file in TOML has one `[app]` and one `[server]`, and no `{name}`"
                )]);
            }
            toml_file::read(&shown, &text, &mut report)
        } else {
            let file = ini_file::IniFile::parse(&source.path, &text, variables, &used, &mut report);
            let app = paste::app(&file, source.app.as_deref(), &mut report);
            app_section::read(&app, &mut report);
            if source.server.as_deref() == Some("uwsgi") {
                uwsgi_section::read(&file, &mut report);
            } else if let Some((locals, dialect)) =
                paste::server(&file, source.server.as_deref(), &mut report)
            {
                server_section::read(&locals, dialect, &mut report);
                uwsgi_section::leave(&file, &mut report);
            } else {
                uwsgi_section::read(&file, &mut report);
            }
            file.refuse_misspelt_sections(&mut report);
            logging_sections::read(&file, &mut report)
        };
        if !report.faults.is_empty() {
            report.faults.sort_by_key(|fault| line_of(fault));
            return Err(report.faults);
        }
        Ok(Self { settings: report.settings, log, notes: report.notes, used: used.into_inner() })
    }

    /// The files that say something: those that are used by the one that was named come along.
    #[cfg(all(unix, feature = "reload"))]
    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        let places = self.settings.iter().filter_map(|setting| setting.place.rsplit_once(':'));
        places.map(|(file, _)| PathBuf::from(file)).collect()
    }

    /// Takes the settings over, before those of the environment and of the command line.
    pub(super) fn fill(&self, settings: &mut Settings) {
        for FileSetting { name, value, place, written } in &self.settings {
            settings.set_in_file(name, value, place.clone(), written);
        }
    }

    /// Whether the file has a use for this name of the command line: as `%(name)s`, or because it is a setting of the
    /// application's own.
    pub(super) fn asks_for(&self, name: &str) -> bool {
        self.used.contains(name) || self.sets(name)
    }

    /// Whether the file gives this name a value, so that the command line may give it another one.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.settings.iter().any(|setting| setting.name == name)
    }

    /// The names of the command line that the file has a use for.
    pub(super) fn used(&self) -> impl Iterator<Item = &str> {
        self.used.iter().map(String::as_str)
    }
}

/// The text of a file, or what is wrong with it.
fn text(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let describe = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => format!("{shown}: there is no such file"),
        io::ErrorKind::PermissionDenied => format!("{shown}: this user may not read the file"),
        io::ErrorKind::InvalidData => format!("{shown}: the file is no text in UTF-8"),
        _ => format!("{shown}: {error}"),
    };
    let metadata = fs::metadata(path).map_err(describe)?;
    if metadata.is_dir() {
        return Err(format!("{shown}: this is a folder, and no configuration file"));
    }
    if metadata.len() > LONGEST {
        return Err(format!("{shown}: a configuration file has at most {LONGEST} bytes"));
    }
    fs::read_to_string(path).map_err(describe)
}

/// The number in `file:number: fault`, to show faults in the order of their lines; those of other files keep their places.
fn line_of(fault: &str) -> usize {
    fault.split(": ").next().and_then(|place| place.rsplit_once(':')?.1.parse().ok()).unwrap_or(0)
}
