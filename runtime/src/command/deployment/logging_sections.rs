//! `[loggers]`, `[handlers]` and `[formatters]`: the log as Python's `logging.config.fileConfig` is told of it.

use std::path::PathBuf;

use tracing_subscriber::filter::LevelFilter;

use super::Report;
use super::ini_file::IniFile;
use super::literal::{self, Literal};
use crate::command::log::{self, Format, Handler, LogPlan, Logger, PythonFormat, Sink};
use crate::protocol::ini::{Entry, Section};

/// The names of the root among loggers.
const ROOT: &str = "root";

/// Reads the sections, where the file has them.
pub(super) fn read(file: &IniFile<'_>, report: &mut Report) -> Option<LogPlan> {
    file.document.section("loggers")?;
    let reader = &mut Reader { file, report };
    let formatters: Vec<_> = reader
        .listed("formatters", "formatter")
        .into_iter()
        .map(|(name, section)| (name, reader.formatter(section)))
        .collect();
    let handlers: Vec<_> = reader
        .listed("handlers", "handler")
        .into_iter()
        .map(|(name, section)| (name, reader.handler(section, &formatters)))
        .collect();
    let names: Vec<&str> = handlers.iter().map(|(name, _)| name.as_str()).collect();
    let mut root = None;
    let mut loggers = Vec::new();
    for (name, section) in reader.listed("loggers", "logger") {
        let logger = reader.logger(&name, section, &names);
        if name == ROOT {
            root = Some(logger);
        } else {
            loggers.push(logger);
        }
    }
    if root.is_none() {
        let place = file.document.section("loggers").map_or(0, |section| section.line);
        reader
            .report
            .fault(&file.place(place), "`[loggers]` has no `root` among its keys; write `keys = root, ...`");
    }
    let handlers = handlers.into_iter().map(|(_, handler)| handler).collect();
    Some(LogPlan { root: root?, loggers, handlers })
}

struct Reader<'f, 'u, 'r> {
    file: &'f IniFile<'u>,
    report: &'r mut Report,
}

impl<'f> Reader<'f, '_, '_> {
    /// The sections that `[loggers]` and its like list by `keys`, with their names.
    fn listed(&mut self, list: &str, prefix: &str) -> Vec<(String, &'f Section)> {
        let file = self.file;
        let Some(section) = file.document.section(list) else {
            return Vec::new();
        };
        let Some(keys) = section.entry("keys") else {
            self.report.fault(&file.place(section.line), format!("`[{list}]` needs `keys = ...`"));
            return Vec::new();
        };
        let names = self.words(section, keys);
        for other in &file.document.sections {
            let Some(name) = other.name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')) else {
                continue;
            };
            if !names.iter().any(|known| known == name) {
                self.report.notes.push(format!(
                    "{}: `[{}]` is left alone, because it is not among the keys of `[{list}]`",
                    file.place(other.line),
                    other.name
                ));
            }
        }
        let mut found = Vec::new();
        for name in names {
            match file.document.section(&format!("{prefix}_{name}")) {
                Some(section) => found.push((name, section)),
                None => self
                    .fault(keys, &format!("`[{list}]` lists `{name}`, but there is no `[{prefix}_{name}]`")),
            }
        }
        found
    }

    /// Names with commas between.
    fn words(&mut self, section: &Section, entry: &Entry) -> Vec<String> {
        let value = self.file.value(Some(section), entry, self.report).unwrap_or_default();
        value.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    fn text(&mut self, section: &Section, name: &str) -> Option<String> {
        let entry = section.entry(name)?;
        self.file.value(Some(section), entry, self.report)
    }

    fn fault(&mut self, entry: &Entry, message: &str) {
        self.report.fault(&self.file.place(entry.line), message);
    }

    /// Names that mean nothing in a section are slips of the pen.
    fn refuse_others(&mut self, section: &Section, known: &[&str]) {
        for entry in section.entries.iter().filter(|entry| !known.contains(&entry.name.as_str())) {
            let local = super::Local {
                name: entry.name.clone(),
                value: String::new(),
                place: self.file.place(entry.line),
            };
            self.report.unknown(&local, &section.name, known.iter().copied());
        }
    }

    fn level(&mut self, section: &Section) -> Option<LevelFilter> {
        let text = self.text(section, "level")?;
        let level = log::level(&text);
        if let (None, Some(entry)) = (level, section.entry("level")) {
            self.fault(
                entry,
                &format!("`level` is `{text}`, but should be `DEBUG`, `INFO`, `WARN`, `ERROR`, `CRITICAL` or `NOTSET`"),
            );
        }
        level
    }

    fn formatter(&mut self, section: &Section) -> Format {
        self.refuse_others(section, &["format", "datefmt", "style", "class", "validate"]);
        if let Some(class) = self.text(section, "class") {
            if class.ends_with("JsonFormatter") || class == "json" {
                return Format::Json;
            }
            if let Some(entry) = section
                .entry("class")
                .filter(|_| !["logging.Formatter", "Formatter", ""].contains(&class.as_str()))
            {
                self.fault(
                    entry,
                    &format!("there is no formatter `{class}`; write a `format`, or `class = json`"),
                );
            }
        }
        if let Some(entry) = section.entry("style").filter(|entry| entry.value != "%") {
            self.fault(entry, "a format is written with per cent signs, `%(message)s`, and needs no `style`");
        }
        // As in Python, these two are not filled in: their per cent signs are their own.
        let raw = |name: &str| section.entry(name).map(|entry| entry.value.as_str());
        match PythonFormat::parse(raw("format"), raw("datefmt")) {
            Ok(format) => Format::Python(format),
            Err(complaint) => {
                let name = if complaint.contains("format of a time") { "datefmt" } else { "format" };
                if let Some(entry) = section.entry(name) {
                    self.fault(entry, &complaint);
                }
                Format::Text
            }
        }
    }

    fn handler(&mut self, section: &Section, formatters: &[(String, Format)]) -> Handler {
        self.refuse_others(section, &["class", "args", "kwargs", "level", "formatter"]);
        let level = self.level(section).unwrap_or(LevelFilter::TRACE);
        let named = self.text(section, "formatter").filter(|name| !name.is_empty());
        let format = match named {
            None => PythonFormat::parse(None, None).map_or(Format::Text, Format::Python),
            Some(name) => {
                let found = formatters.iter().find(|(known, _)| *known == name);
                if let (None, Some(entry)) = (found, section.entry("formatter")) {
                    let message = format!("there is no formatter `{name}` among the keys of `[formatters]`");
                    self.fault(entry, &message);
                }
                found.map_or(Format::Text, |(_, format)| format.clone())
            }
        };
        Handler { sink: self.sink(section).unwrap_or(Sink::Nowhere), level, format }
    }

    /// Where a handler's lines go; `None` where that is a fault.
    fn sink(&mut self, section: &Section) -> Option<Sink> {
        let Some(entry) = section.entry("class") else {
            self.report.fault(
                &self.file.place(section.line),
                format!("`[{}]` needs `class = StreamHandler`, or another one", section.name),
            );
            return None;
        };
        let class = self.text(section, "class")?;
        let arguments_entry = section.entry("args").or_else(|| section.entry("kwargs")).unwrap_or(entry);
        let written = self.text(section, "args").unwrap_or_default();
        let Some(arguments) = literal::tuple(&written) else {
            self.fault(
                arguments_entry,
                &format!("`args` is `{written}`, but should be a tuple such as `(sys.stderr,)` or `('app.log', 'a')`"),
            );
            return None;
        };
        match class.rsplit('.').next().unwrap_or_default() {
            "NullHandler" => Some(Sink::Nowhere),
            "StreamHandler" => match &*arguments {
                [] => Some(Sink::Stderr),
                [Literal::Word(stream)] if stream == "sys.stderr" => Some(Sink::Stderr),
                [Literal::Word(stream)] if stream == "sys.stdout" => Some(Sink::Stdout),
                _ => {
                    self.fault(
                        arguments_entry,
                        "a `StreamHandler` writes to `(sys.stderr,)` or `(sys.stdout,)`",
                    );
                    None
                }
            },
            kind @ ("FileHandler" | "WatchedFileHandler") => {
                let [Literal::Text(path), rest @ ..] = &*arguments else {
                    let message =
                        format!("a `{kind}` wants the name of a file: `args = ('%(here)s/app.log', 'a')`");
                    self.fault(arguments_entry, &message);
                    return None;
                };
                let truncate = matches!(rest.first(), Some(Literal::Text(mode)) if mode.starts_with('w'));
                Some(Sink::File {
                    path: PathBuf::from(path),
                    truncate,
                    watched: kind == "WatchedFileHandler",
                })
            }
            "RotatingFileHandler" | "TimedRotatingFileHandler" => {
                self.fault(entry, &format!("there is no `{class}`; write `FileHandler`, and let `logrotate` move the file and send USR1"));
                None
            }
            _ => {
                self.fault(
                    entry,
                    &format!("there is no handler `{class}`; there are `StreamHandler`, `FileHandler`, `handlers.WatchedFileHandler` and `NullHandler`"),
                );
                None
            }
        }
    }

    fn logger(&mut self, name: &str, section: &Section, handlers: &[&str]) -> Logger {
        self.refuse_others(section, &["level", "handlers", "qualname", "propagate"]);
        let qualname = self.text(section, "qualname");
        if qualname.is_none() && name != ROOT {
            self.report.fault(
                &self.file.place(section.line),
                format!("`[{}]` needs `qualname = ...`, the name of a package or module", section.name),
            );
        }
        let target = if name == ROOT { String::new() } else { target(&qualname.unwrap_or_default()) };
        let mut logger = Logger::new(target);
        // `NOTSET` leaves the decision to the logger above; there is none above the root.
        logger.level = self.level(section).filter(|level| name == ROOT || *level != LevelFilter::TRACE);
        if let Some(entry) = section.entry("handlers") {
            for wanted in self.words(section, entry) {
                match handlers.iter().position(|known| *known == wanted) {
                    Some(place) => logger.handlers.push(place),
                    None => self.fault(
                        entry,
                        &format!("there is no handler `{wanted}` among the keys of `[handlers]`"),
                    ),
                }
            }
        }
        if let Some(entry) = section.entry("propagate") {
            match entry.value.trim() {
                "1" => {}
                "0" => logger.propagate = false,
                other => self.fault(entry, &format!("`propagate` is `{other}`, but should be `0` or `1`")),
            }
        }
        logger
    }
}

/// The target of events that a logger of Python's stands for: the module of the same name. Packages may have hyphens, crates
/// have none.
fn target(qualname: &str) -> String {
    qualname.trim().replace('.', "::").replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_logger_is_that_of_a_module() {
        assert_eq!(target("myapp.views.shop"), "myapp::views::shop");
        assert_eq!(target("my-app"), "my_app");
    }
}
