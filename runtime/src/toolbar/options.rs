//! The settings `debugtoolbar.NAME`.

use std::str::FromStr;

use crate::server::TrustedPeers;
use crate::{BadSetting, Configurator, Settings};

/// What all names begin with.
pub(super) const PREFIX: &str = "debugtoolbar.";

/// What there is, without [`PREFIX`].
const KNOWN: [&str; 12] = [
    "enabled",
    "hosts",
    "server_names",
    "intercept_exc",
    "intercept_redirects",
    "show_on_exc_only",
    "exclude_prefixes",
    "panels",
    "extra_panels",
    "active_panels",
    "max_request_history",
    "max_visible_requests",
];

/// What Pyramid's toolbar knows besides, and why it means nothing here.
const FOREIGN: &[(&str, &str)] = &[
    ("button_style", "a page may forbid styles inside of it, so the button has a style sheet of its own"),
    ("global_panels", "what is global is always shown"),
    ("extra_global_panels", "what is global is always shown"),
    ("includes", "a panel is a value: `config.manage(toolbar::Panels::new().with(...))`"),
    ("reload_templates", "the toolbar has no templates"),
    ("reload_assets", "the toolbar's files are in the program"),
    ("reload_resources", "the toolbar's files are in the program"),
    ("prevent_http_cache", "the toolbar's pages are never kept"),
    ("sqlalchemy.active", "statements are always shown"),
];

/// The most requests that may be kept: a page lists them all.
const MOST_REQUESTS: usize = 1000;

/// All settings, read.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a setting that is a switch")]
pub(super) struct Options {
    /// Whether there is a toolbar at all.
    pub(super) enabled: bool,
    /// The addresses of those who may see it.
    pub(super) hosts: TrustedPeers,
    /// Names of this server, besides `localhost` and addresses.
    pub(super) server_names: Vec<String>,
    /// Whether errors are shown.
    pub(super) intercept_exc: bool,
    /// Whether redirects are shown instead of followed.
    pub(super) intercept_redirects: bool,
    /// Whether there is no button on pages that are in order.
    pub(super) show_on_exc_only: bool,
    /// Paths that are left alone begin with these.
    pub(super) exclude_prefixes: Vec<String>,
    /// The names of the panels, in their order; `None` for all.
    pub(super) panels: Option<Vec<String>>,
    /// The names of more.
    pub(super) extra_panels: Vec<String>,
    /// The panels that gather; `None` for all.
    pub(super) active_panels: Option<Vec<String>>,
    /// Requests that are kept.
    pub(super) max_request_history: usize,
    /// Those of them that are listed.
    pub(super) max_visible_requests: usize,
    /// What is to be told to the log once it is there.
    pub(super) notes: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            enabled: true,
            hosts: TrustedPeers::default(),
            server_names: Vec::new(),
            intercept_exc: true,
            intercept_redirects: false,
            show_on_exc_only: false,
            exclude_prefixes: Vec::new(),
            panels: None,
            extra_panels: Vec::new(),
            active_panels: None,
            max_request_history: 100,
            max_visible_requests: 10,
            notes: Vec::new(),
        }
    }
}

impl Options {
    /// Reads them. What is wrong, or unknown, keeps the application from starting.
    pub(super) fn read(config: &mut Configurator) -> Self {
        let mut reader = Reader { settings: config.settings(), faults: Vec::new(), notes: Vec::new() };
        let mut options = Self::default();
        reader.unknown();
        reader.switch("enabled", &mut options.enabled);
        reader.switch("intercept_redirects", &mut options.intercept_redirects);
        reader.switch("show_on_exc_only", &mut options.show_on_exc_only);
        reader.take(
            "intercept_exc",
            "`true`, `false`, or Pyramid's `debug` or `display`",
            &mut options.intercept_exc,
            |text| match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" | "debug" | "display" => Some(true),
                "false" | "no" | "off" | "0" => Some(false),
                _ => None,
            },
        );
        let hosts = "addresses and networks such as 192.0.2.0/24, with blanks or commas between, or `*`";
        reader.take("hosts", hosts, &mut options.hosts, |text| {
            TrustedPeers::from_str(&words(text).join(",")).ok()
        });
        reader.take("server_names", "names of hosts, without ports", &mut options.server_names, |text| {
            let names = words(text);
            names.iter().all(|name| !name.contains([':', '/'])).then_some(names)
        });
        reader.take(
            "exclude_prefixes",
            "paths, each with a `/` first",
            &mut options.exclude_prefixes,
            |text| {
                let paths = words(text);
                paths.iter().all(|path| path.starts_with('/')).then_some(paths)
            },
        );
        for (name, list) in [("panels", &mut options.panels), ("active_panels", &mut options.active_panels)] {
            reader.take(name, "names of panels", list, |text| Some(Some(words(text))));
        }
        reader.take("extra_panels", "names of panels", &mut options.extra_panels, |text| Some(words(text)));
        for (name, number) in [
            ("max_request_history", &mut options.max_request_history),
            ("max_visible_requests", &mut options.max_visible_requests),
        ] {
            reader.take(name, "a whole number from 1 to 1000", number, |text| {
                text.parse().ok().filter(|number| (1..=MOST_REQUESTS).contains(number))
            });
        }
        let Reader { faults, notes, .. } = reader;
        for (message, help) in faults {
            config.refuse(message, &help);
        }
        options.notes = notes;
        options
    }
}

struct Reader<'a> {
    settings: &'a Settings,
    faults: Vec<(String, String)>,
    notes: Vec<String>,
}

impl Reader<'_> {
    fn switch(&mut self, name: &str, value: &mut bool) {
        match self.settings.switch(&format!("{PREFIX}{name}")) {
            Ok(Some(read)) => *value = read,
            Ok(None) => {}
            Err(bad) => self.faults.push((bad.to_string(), String::new())),
        }
    }

    fn take<T>(&mut self, name: &str, expected: &str, value: &mut T, read: impl Fn(&str) -> Option<T>) {
        let read: Result<Option<T>, BadSetting> =
            self.settings.words(&format!("{PREFIX}{name}"), expected, read);
        match read {
            Ok(Some(read)) => *value = read,
            Ok(None) => {}
            Err(bad) => self.faults.push((bad.to_string(), String::new())),
        }
    }

    /// Finds the names that there are not.
    fn unknown(&mut self) {
        for (full, _) in self.settings.iter() {
            let Some(name) = full.strip_prefix(PREFIX).filter(|name| !KNOWN.contains(name)) else { continue };
            let source = self.settings.source(full).unwrap_or_default();
            let foreign = FOREIGN.iter().find(|(known, _)| *known == name).map(|(_, why)| *why);
            let foreign = foreign.or(name.starts_with("debug_").then_some("it is Pyramid's own"));
            match foreign {
                Some(why) => self.notes.push(format!("{source}: `{full}` means nothing here: {why}")),
                None => self.faults.push((
                    format!("there is no setting `{full}` (from {source})"),
                    format!("there are {}", KNOWN.map(|known| format!("{PREFIX}{known}")).join(", ")),
                )),
            }
        }
    }
}

/// The words of a list.
fn words(text: &str) -> Vec<String> {
    Settings::list(text).map(str::to_owned).collect()
}
