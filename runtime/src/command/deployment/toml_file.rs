//! A file in TOML: `[app]`, `[server]` and `[logging]`, with the names of the INI sections and values that have types.
//!
//! A table inside `[app]` makes names with dots: `[app.shop]` with `currency = "EUR"` is `shop.currency`.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::server_section::Dialect;
use super::{Local, Report, app_section, server_section};
use crate::command::log::{self, Format, LogPlan, Logger, Sink};
use crate::suggestion::nearest;

const TABLES: &[&str] = &["app", "server", "logging"];

/// What stands in `[logging]`, and the settings that those are.
const LOGGING: &[(&str, &str)] = &[("level", "log"), ("format", "log_format"), ("file", "log_file")];

/// Reads a text.
pub(super) fn read(shown: &str, text: &str, report: &mut Report) -> Option<LogPlan> {
    let reader = Reader { shown, text };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let place = reader.place(error.span().map_or(0, |span| span.start));
        report.fault(&place, error.message().lines().next().unwrap_or_default());
    }
    if !errors.is_empty() {
        return None;
    }
    let mut plan = None;
    for (name, value) in table.get_ref() {
        let place = reader.place(name.span().start);
        let Some(inner) = value.get_ref().as_table() else {
            let message =
                format!("`{}` stands in no table; write `[app]` or `[server]` above it", name.get_ref());
            report.fault(&place, message);
            continue;
        };
        match &**name.get_ref() {
            "app" => app_section::read(&reader.locals("", inner, report), report),
            "server" => {
                let locals = reader.locals("", inner, report);
                server_section::read(&locals, Dialect::Gunicorn, report);
            }
            "logging" => plan = reader.logging(inner, report),
            other => {
                let near = nearest(other, TABLES.iter().copied());
                let near = near.map_or_else(
                    || "there are `[app]`, `[server]` and `[logging]`".to_owned(),
                    |near| format!("did you mean `[{near}]`?"),
                );
                report.fault(&place, format!("there is no table `[{other}]`; {near}"));
            }
        }
    }
    plan
}

struct Reader<'a> {
    shown: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn place(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or(self.text);
        format!("{}:{}", self.shown, before.matches('\n').count() + 1)
    }

    /// All values of a table and of the tables inside, in the order of the file, with dots in their names.
    fn locals(&self, prefix: &str, table: &DeTable<'_>, report: &mut Report) -> Vec<Local> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let mut locals = Vec::new();
        for (key, value) in entries {
            let place = self.place(key.span().start);
            let name = format!("{prefix}{}", key.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => locals.extend(self.locals(&format!("{name}."), inner, report)),
                DeValue::Array(values) => {
                    let texts: Option<Vec<_>> = values.iter().map(Self::text).collect();
                    match texts {
                        Some(texts) => locals.push(Local { name, value: texts.join("\n"), place }),
                        None => report.fault(&place, format!("`{name}` should be a list of single values")),
                    }
                }
                _ => locals.extend(Self::text(value).map(|value| Local { name, value, place })),
            }
        }
        locals
    }

    /// A single value as a text.
    fn text(value: &Spanned<DeValue<'_>>) -> Option<String> {
        Some(match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().replace('_', ""),
            // `0o660` is what the permissions of a socket are written as.
            DeValue::Integer(number) => match number.radix() {
                8 => number.as_str().replace('_', ""),
                radix => i64::from_str_radix(&number.as_str().replace('_', ""), radix).ok()?.to_string(),
            },
            DeValue::Float(number) => number.as_str().replace('_', ""),
            DeValue::Datetime(time) => time.to_string(),
            DeValue::Array(_) | DeValue::Table(_) => return None,
        })
    }

    fn logging(&self, table: &DeTable<'_>, report: &mut Report) -> Option<LogPlan> {
        let mut loggers = Vec::new();
        for local in self.locals("", table, report) {
            if let Some((_, setting)) = LOGGING.iter().find(|(name, _)| *name == local.name) {
                report.set(setting, &local);
            } else if let Some(target) = local.name.strip_prefix("loggers.") {
                match log::level(&local.value) {
                    Some(level) => {
                        let target = target.replace("::", ".").replace('.', "::").replace('-', "_");
                        loggers.push(Logger { level: Some(level), ..Logger::new(target) });
                    }
                    None => report.fault(
                        &local.place,
                        format!("`{}` is `{}`, but should be {}", local.name, local.value, log::LEVELS),
                    ),
                }
            } else {
                report.unknown(&local, "logging", LOGGING.iter().map(|(name, _)| *name).chain(["loggers"]));
            }
        }
        let info = tracing_subscriber::filter::LevelFilter::INFO;
        (!loggers.is_empty())
            .then(|| LogPlan { loggers, ..LogPlan::simple(info, Sink::Stderr, Format::Text) })
    }
}
