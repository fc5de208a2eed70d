//! `[app:main]`: the settings of the application, and Pyramid's names among them.

use super::Meaning::{self, Is, Nothing};
use super::{Local, Report};
use crate::app::settings::Settings;
use crate::command::includes;
use crate::command::setting_table::{self, Part};

const DEBUG: &str = "`development = true` shows it";

/// Pyramid's own settings, each also with `pyramid.` before it. (Pyramid's manual, "Environment Variables and .ini File
/// Settings".)
const PYRAMID: &[(&str, Meaning)] = &[
    ("debug_all", Is("development")),
    ("debug_authorization", Nothing(DEBUG)),
    ("debug_notfound", Nothing(DEBUG)),
    ("debug_routematch", Nothing(DEBUG)),
    ("debug_templates", Nothing(DEBUG)),
    ("reload_all", Is("reload_templates")),
    ("reload_templates", Is("reload_templates")),
    ("reload_assets", Nothing("static files are never kept")),
    ("reload_resources", Nothing("static files are never kept")),
    ("prevent_http_cache", Is("prevent_http_cache")),
    ("prevent_cachebust", Is("prevent_cachebust")),
    ("csrf_trusted_origins", Is("csrf_trusted_origins")),
    ("default_locale_name", Nothing("nothing is translated")),
    ("includes", Is("includes")),
    ("tweens", Is("tweens")),
];

const PYTHON: &str = "it names packages of Python's; a Rust program says `config.include(...)`";

/// Names of Pyramid's that are only known with `pyramid.` before them.
const ONLY_WITH_PREFIX: &[&str] = &["includes", "tweens"];

/// Takes the settings over.
pub(super) fn read(locals: &[Local], report: &mut Report) {
    // Where both spellings are there, the one with the prefix wins, as in Pyramid.
    let beaten = |local: &Local| {
        PYRAMID.iter().any(|(name, _)| *name == local.name)
            && locals.iter().any(|other| other.name.strip_prefix("pyramid.") == Some(&*local.name))
    };
    for local in locals.iter().filter(|local| !beaten(local)) {
        setting(local, locals, report);
    }
}

fn setting(local: &Local, all: &[Local], report: &mut Report) {
    let own = local.name.strip_prefix("pyramid.");
    let name = own.unwrap_or(&local.name);
    let pyramid = PYRAMID
        .iter()
        .find(|(known, _)| *known == name && (own.is_some() || !ONLY_WITH_PREFIX.contains(known)));
    match pyramid {
        Some(("includes", _)) if own.is_some() => included(local, report),
        // What this program calls so itself counts, and what Pyramid calls otherwise gives way.
        Some((_, Is(ours))) if *ours != local.name && all.iter().any(|other| other.name == *ours) => {
            let why = format!("`{ours}` says it");
            report.ignored(local, &why);
        }
        // `reload_all` and `reload_templates` together.
        Some((_, Is(ours))) if report.settings.iter().any(|setting| setting.name == *ours) => {
            report.ignored(local, &format!("`{ours}` is set already"));
        }
        Some((_, Is(ours))) => report.set(ours, local),
        // That nothing is shown is what happens anyway.
        Some((_, Nothing(DEBUG))) if is_false(&local.value) => {}
        Some((_, Nothing(why))) => report.ignored(local, why),
        _ if own.is_some() => {
            let known = PYRAMID.iter().map(|(name, _)| format!("pyramid.{name}")).collect::<Vec<_>>();
            report.unknown(local, "app:main", known.iter().map(String::as_str));
        }
        _ => match setting_table::find(name) {
            Some(known) if known.part == Part::App => report.set(name, local),
            Some(_) => report
                .fault(&local.place, format!("`{name}` is the server's: it belongs into `[server:main]`")),
            // An application has settings of its own, and names them as it likes.
            None => report.set(name, local),
        },
    }
}

/// Of what Pyramid includes, some is here, too.
fn included(local: &Local, report: &mut Report) {
    let (ours, foreign): (Vec<_>, Vec<_>) =
        Settings::list(&local.value).partition(|name| includes::is_known(name));
    if ours.is_empty() || !foreign.is_empty() {
        report.ignored(local, PYTHON);
    }
    if !ours.is_empty() {
        report.set_to("includes", ours.join(" "), local);
    }
}

fn is_false(value: &str) -> bool {
    matches!(value.trim().to_ascii_lowercase().as_str(), "false" | "f" | "no" | "n" | "off" | "0" | "")
}
