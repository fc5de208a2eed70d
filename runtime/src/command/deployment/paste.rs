//! Sections as `PasteDeploy` understands them: `[app:main]`, `use`, `config:other.ini#name`, `set` and `get`.
//!
//! Of its forms, those are taken over that say what the values of the application and of the server are. Those that put
//! Python's applications together, `[composite:]`, `[pipeline:]` and `[filter:]`, are refused with what to write instead.
//!
//! Two things are different on purpose. A name that stands in `[DEFAULT]` and in the section is a setting, where `PasteDeploy`
//! drops it in silence; and `name=value` on the command line wins over `[DEFAULT]`.

use std::collections::BTreeMap;

use super::ini_file::IniFile;
use super::server_section::Dialect;
use super::{Local, Report};
use crate::protocol::ini::Section;

/// What a section is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    App,
    Server,
}

/// What a section says with all that it uses.
#[derive(Debug, Default)]
struct Context {
    locals: Vec<Local>,
    /// `egg:...`, whatever is at the end of the chain of `use`.
    factory: Option<String>,
}

/// How many sections may use each other.
const DEEPEST: usize = 10;

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Server => "server",
        }
    }

    const fn prefixes(self) -> &'static [&'static str] {
        match self {
            Self::App => &["app", "application"],
            Self::Server => &["server"],
        }
    }
}

/// The values of `[app:NAME]`.
pub(super) fn app(file: &IniFile<'_>, name: Option<&str>, report: &mut Report) -> Vec<Local> {
    let mut search = Search { kind: Kind::App, visited: Vec::new(), report };
    search.context(file, name.unwrap_or("main"), None).unwrap_or_default().locals
}

/// The values of `[server:NAME]`, where there is a server in this file at all.
pub(super) fn server(
    file: &IniFile<'_>,
    name: Option<&str>,
    report: &mut Report,
) -> Option<(Vec<Local>, Dialect)> {
    let wanted = name.unwrap_or("main");
    let servers: Vec<_> = file.document.sections.iter().filter(|section| is(section, Kind::Server)).collect();
    if name.is_none() && servers.is_empty() {
        return None;
    }
    let mut search = Search { kind: Kind::Server, visited: Vec::new(), report };
    let Context { locals, factory } = search.context(file, wanted, None).unwrap_or_default();
    Some((locals, Dialect::of(factory.as_deref())))
}

/// Whether a section is of this kind, with any name.
fn is(section: &Section, kind: Kind) -> bool {
    let word = section.name.split(':').next().unwrap_or_default();
    kind.prefixes().contains(&word)
}

struct Search<'r> {
    kind: Kind,
    /// The sections on the way, each with its file.
    visited: Vec<String>,
    report: &'r mut Report,
}

impl Search<'_> {
    /// What the section says. `outer` are the values that hold in the section which uses this one.
    fn context(
        &mut self,
        file: &IniFile<'_>,
        name: &str,
        outer: Option<&BTreeMap<String, String>>,
    ) -> Option<Context> {
        let section = self.section(file, name)?;
        let place = file.place(section.line);
        if self.visited.contains(&place) || self.visited.len() >= DEEPEST {
            let way = self.visited.join(", ");
            self.report.fault(&place, format!("`[{}]` uses itself, by way of {way}", section.name));
            return None;
        }
        self.visited.push(place);

        let mut globals = file.globals();
        globals.extend(outer.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())));
        let mut locals = Vec::new();
        let mut gets = Vec::new();
        let mut used = None;
        for local in file.locals(section, self.report) {
            if let Some(name) = local.name.strip_prefix("set ") {
                globals.insert(name.trim().to_owned(), local.value);
            } else if let Some(name) = local.name.strip_prefix("get ") {
                gets.push(Local { name: name.trim().to_owned(), ..local });
            } else if local.name == "use" {
                used = Some(local);
            } else if local.name == "filter-with" {
                self.report.fault(&local.place, "`filter-with` puts a WSGI filter around the application, which this program cannot load; write it as a `#[tween]`");
            } else if !local.name.starts_with("paste.") && local.name != "require" {
                // `paste.app_factory` and `require` name Python's code: what is served here is this program.
                locals.push(local);
            }
        }
        for get in gets {
            match globals.get(get.value.trim()) {
                Some(value) => locals.push(Local { value: value.clone(), ..get }),
                None => self.report.fault(
                    &get.place,
                    format!(
                        "there is no `{}` to get: neither `[DEFAULT]` nor `set {0} = ...` names it",
                        get.value
                    ),
                ),
            }
        }
        let mut context = match &used {
            Some(used) => self.used(file, used, &globals)?,
            None => Context::default(),
        };
        for local in locals {
            context.locals.retain(|inherited| inherited.name != local.name);
            context.locals.push(local);
        }
        Some(context)
    }

    /// What `use` stands for.
    fn used(
        &mut self,
        file: &IniFile<'_>,
        used: &Local,
        globals: &BTreeMap<String, String>,
    ) -> Option<Context> {
        let value = used.value.trim();
        if let Some(uri) = value.strip_prefix("config:") {
            let (path, name) = uri.split_once('#').unwrap_or((uri, "main"));
            let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
            return match file.beside(path.trim(), globals.clone(), self.report) {
                Ok(other) => self.context(&other, name, Some(globals)),
                Err(fault) => {
                    self.report.fault(&used.place, format!("`use = {value}`: {fault}"));
                    None
                }
            };
        }
        if value.contains('\n') {
            let message =
                format!("`use` goes on in an indented line: `{}`", value.lines().nth(1).unwrap_or(""));
            self.report.fault(&used.place, message);
            return None;
        }
        let scheme = value.split_once(':').map(|(scheme, _)| scheme);
        match scheme {
            // A package of Python's: its place is taken by this program.
            Some("egg" | "call") => Some(Context { locals: Vec::new(), factory: Some(value.to_owned()) }),
            Some(other) => {
                self.report.fault(
                    &used.place,
                    format!("`use` knows `egg:`, `call:`, `config:` and the names of other sections, and no `{other}:`"),
                );
                None
            }
            None => self.context(file, value, Some(globals)),
        }
    }

    /// The section of this name.
    fn section<'f>(&mut self, file: &'f IniFile<'_>, name: &str) -> Option<&'f Section> {
        let kind = self.kind;
        let named =
            |section: &&Section| section.name.split_once(':').is_some_and(|(_, rest)| rest.trim() == name);
        let sections = &file.document.sections;
        if kind == Kind::App {
            let strange = sections.iter().filter(named).find(|section| {
                let word = section.name.split(':').next().unwrap_or_default();
                ["composite", "composit", "pipeline", "filter-app"].contains(&word)
            });
            if let Some(section) = strange {
                self.refuse(file, section);
                return None;
            }
        }
        let mut fitting = sections.iter().filter(|section| is(section, kind)).filter(named);
        let found = fitting.next();
        if let (Some(found), Some(second)) = (found, fitting.next()) {
            let message = format!(
                "`[{}]` and `[{}]` are both `{name}`; leave one of them out",
                found.name, second.name
            );
            self.report.fault(&file.place(second.line), message);
        }
        if found.is_none() {
            let word = kind.word();
            let others: Vec<_> = sections
                .iter()
                .filter(|section| is(section, kind))
                .map(|section| format!("`[{}]`", section.name))
                .collect();
            let there =
                if others.is_empty() { String::new() } else { format!("; there is {}", others.join(", ")) };
            self.report.fault(file.shown(), format!("there is no `[{word}:{name}]`{there}"));
        }
        found
    }

    /// Says what to write instead of what puts Python's applications together.
    fn refuse(&mut self, file: &IniFile<'_>, section: &Section) {
        let apps: Vec<_> = file
            .document
            .sections
            .iter()
            .filter(|section| is(section, Kind::App))
            .filter_map(|section| section.name.split_once(':'))
            .map(|(_, name)| format!("{}#{}", file.shown(), name.trim()))
            .collect();
        let instead = match &*apps {
            [] => "call the application's section `[app:main]`".to_owned(),
            apps => format!("serve `{}`", apps.join("` or `")),
        };
        let (what, advice) = if section.name.starts_with("composit") {
            (
                "puts several WSGI applications under one server",
                "write the others as services that are mounted, `config.mount`",
            )
        } else {
            ("puts WSGI filters around the application", "write the filters as `#[tween]`s")
        };
        let message =
            format!("`[{}]` {what}, which this program cannot load; {instead}, and {advice}", section.name);
        self.report.fault(&file.place(section.line), message);
    }
}
