//! A file in INI with what is around it: its folder, the values of the command line, and the file that names it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Local, Report};
use crate::command::setting_table;
use crate::protocol::ini::{Document, Entry, Interpolation, Section, expand};

/// The section that uWSGI reads, where a name may stand several times.
const UWSGI: &str = "uwsgi";

/// A file, and what its `%(name)s` stand for.
#[derive(Debug)]
pub(super) struct IniFile<'a> {
    path: PathBuf,
    shown: String,
    pub(super) document: Document,
    /// `here` and `__file__`, with per cent signs doubled.
    around: BTreeMap<&'static str, String>,
    /// The names and values of the command line, with per cent signs doubled: they are taken as they are.
    variables: BTreeMap<String, String>,
    /// What the file that names this one lets hold here.
    outer: BTreeMap<String, String>,
    used: &'a RefCell<BTreeSet<String>>,
}

/// Names whose values have `%(name)s` of their own.
const FORMATS: &[&str] = &["access_log_format", "access_logformat"];

/// `pserve` wants each per cent sign of a format doubled, gunicorn's own files do not.
fn format_as_it_is(value: &str) -> String {
    if value.contains("%%(") { value.replace("%%", "%") } else { value.to_owned() }
}

fn as_it_is(value: &str) -> String {
    value.replace('%', "%%")
}

impl<'a> IniFile<'a> {
    /// Reads a text. The lines that are not understood go to the report.
    pub(super) fn parse(
        path: &Path,
        text: &str,
        variables: &BTreeMap<String, String>,
        used: &'a RefCell<BTreeSet<String>>,
        report: &mut Report,
    ) -> Self {
        let (document, bad) = Document::parse(text, &[UWSGI]);
        let shown = path.display().to_string();
        for line in bad {
            report.fault(&format!("{shown}:{}", line.line), &line);
        }
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let here = whole.parent().unwrap_or(Path::new("/"));
        let around = BTreeMap::from([
            ("here", as_it_is(&here.to_string_lossy())),
            ("__file__", as_it_is(&whole.to_string_lossy())),
        ]);
        let variables = variables.iter().map(|(name, value)| (name.clone(), as_it_is(value))).collect();
        let file =
            Self { path: path.to_owned(), shown, document, around, variables, outer: BTreeMap::new(), used };
        for entry in &file.document.defaults {
            // As in PasteDeploy, `[DEFAULT]` has to be in order whether or not somebody asks for it.
            let _ = file.value(None, entry, report);
        }
        file
    }

    /// Another file, which this one names, with what holds there too.
    pub(super) fn beside(
        &self,
        name: &str,
        outer: BTreeMap<String, String>,
        report: &mut Report,
    ) -> Result<Self, String> {
        let path = self.path.parent().unwrap_or(Path::new("")).join(name);
        let text = super::text(&path)?;
        let variables = self.variables.iter().map(|(name, value)| (name.clone(), value.replace("%%", "%")));
        let mut file = Self::parse(&path, &text, &variables.collect(), self.used, report);
        file.outer = outer.into_iter().map(|(name, value)| (name, as_it_is(&value))).collect();
        Ok(file)
    }

    /// File and line.
    pub(super) fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.shown)
    }

    /// The file alone, for what is missing in it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// The value of an entry with everything filled in; `None` where that is not possible, which the report says then.
    pub(super) fn value(
        &self,
        section: Option<&Section>,
        entry: &Entry,
        report: &mut Report,
    ) -> Option<String> {
        let fault = match self.expanded(section, &entry.value) {
            Ok(value) => return Some(value),
            Err(fault) => fault,
        };
        // What is wrong with a value that this one names is said where that one stands.
        let own = match &fault {
            Interpolation::Missing(name) => entry.value.contains(&format!("%({name})s")),
            Interpolation::Syntax(text) => entry.value.contains(text.as_str()),
            Interpolation::Depth | Interpolation::Length => true,
        };
        if own {
            let fault = match fault {
                Interpolation::Missing(name) => {
                    let near = setting_table::slip(&name, self.names(section));
                    let near = near.map(|near| format!("; did you mean `%({near})s`?")).unwrap_or_default();
                    format!("{}{near}", Interpolation::Missing(name))
                }
                fault => fault.to_string(),
            };
            report.fault(&self.place(entry.line), format!("in `{}`: {fault}", entry.name));
        }
        None
    }

    /// All entries of a section, filled in.
    pub(super) fn locals(&self, section: &Section, report: &mut Report) -> Vec<Local> {
        let mut locals = Vec::new();
        for entry in &section.entries {
            let value = if FORMATS.contains(&entry.name.as_str()) {
                Some(format_as_it_is(&entry.value))
            } else {
                self.value(Some(section), entry, report)
            };
            if let Some(value) = value {
                locals.push(Local { name: entry.name.clone(), value, place: self.place(entry.line) });
            }
        }
        locals
    }

    /// What holds everywhere in the file, filled in.
    pub(super) fn globals(&self) -> BTreeMap<String, String> {
        let around = self.around.iter().map(|(name, value)| (*name, value.as_str()));
        let outer = self.outer.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let defaults = self.document.defaults.iter().map(|entry| (entry.name.as_str(), entry.value.as_str()));
        let variables = self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut globals = BTreeMap::new();
        for (name, value) in outer.chain(around).chain(defaults).chain(variables) {
            if let Ok(value) = self.expanded(None, value) {
                globals.insert(name.to_owned(), value);
            }
        }
        globals
    }

    fn expanded(&self, section: Option<&Section>, value: &str) -> Result<String, Interpolation> {
        expand(value, &|name| {
            // The command line wins over everything in the file.
            if let Some(value) = self.variables.get(name) {
                self.used.borrow_mut().insert(name.to_owned());
                return Some(value.as_str());
            }
            let own = section.and_then(|section| section.entry(name));
            let default = || self.document.defaults.iter().find(|entry| entry.name == name);
            own.or_else(default)
                .map(|entry| entry.value.as_str())
                .or_else(|| self.around.get(name).map(String::as_str))
                .or_else(|| self.outer.get(name).map(String::as_str))
        })
    }

    /// Every name that a `%(name)s` in a section may stand for.
    fn names<'b>(&'b self, section: Option<&'b Section>) -> impl Iterator<Item = &'b str> {
        let own = section.into_iter().flat_map(|section| &section.entries);
        let entries = own.chain(&self.document.defaults).map(|entry| entry.name.as_str());
        entries
            .chain(self.around.keys().copied())
            .chain(self.variables.keys().map(String::as_str))
            .chain(self.outer.keys().map(String::as_str))
    }

    /// A section whose name is nearly one of those that mean something is not left alone.
    pub(super) fn refuse_misspelt_sections(&self, report: &mut Report) {
        const KINDS: &[&str] = &["app", "application", "server", "composite", "filter", "pipeline"];
        const NAMES: &[&str] =
            &["DEFAULT", UWSGI, "loggers", "handlers", "formatters", "app:main", "server:main"];
        const PREFIXES: &[&str] = &["logger_", "handler_", "formatter_"];
        // Sections of other programs' that are that near.
        const OTHERS: &[&str] = &["pserve", "proutes", "pshell"];
        for Section { name, line, .. } in &self.document.sections {
            let kind = name.split_once(':').map(|(kind, rest)| (kind, Some(rest)));
            let (kind, rest) = kind.unwrap_or((name, None));
            let known = KINDS.contains(&kind)
                || NAMES.contains(&name.as_str())
                || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
                || OTHERS.contains(&kind);
            if known {
                continue;
            }
            let near = match rest {
                Some(rest) => setting_table::slip(kind, ["server", "application"])
                    .or_else(|| {
                        (kind.len() == 3 && strsim::damerau_levenshtein(kind, "app") == 1).then_some("app")
                    })
                    .map(|near| format!("{near}:{rest}")),
                None => setting_table::slip(name, NAMES.iter().copied()).map(str::to_owned).or_else(|| {
                    let (kind, rest) = name.split_once('_')?;
                    let near = setting_table::slip(kind, ["logger", "handler", "formatter"])?;
                    Some(format!("{near}_{rest}"))
                }),
            };
            if let Some(near) = near {
                report.fault(
                    &self.place(*line),
                    format!("there is no section `[{name}]`; did you mean `[{near}]`?"),
                );
            }
        }
    }
}
