//! `settings`: what is set, and where; and the names that are slips of the pen.

use std::fmt::Write;

use serde_json::{Value, json};

use super::setting_table::{self, Part};
use crate::app::settings::Settings;
use crate::registry::Configurator;

/// What stands in the place of a value that is nobody's business.
const HIDDEN: &str = "******";

/// Words in the names of settings whose values are not shown.
const SECRET: &[&str] = &["secret", "password", "passwd", "token", "api_key", "private_key", "credential"];

/// A line a setting, `name = value  (where from)`: first the framework's, then the application's own.
pub(super) fn table(settings: &Settings) -> String {
    let mut text = String::new();
    for (name, value, source) in rows(settings) {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{name} = {value}  ({source})");
    }
    text
}

/// The same for programs.
pub(super) fn document(settings: &Settings) -> Value {
    let row = |(name, value, source)| json!({"name": name, "value": value, "source": source});
    rows(settings).into_iter().map(row).collect()
}

/// Names, values as they are shown, and where they come from.
fn rows(settings: &Settings) -> Vec<(&str, String, &str)> {
    let source = |name| settings.source(name).unwrap_or_default();
    let ours = setting_table::TABLE.iter().map(|known| match settings.get(known.name) {
        Some(value) => (known.name, shown(known.name, value), source(known.name)),
        None => (known.name, known.default.to_owned(), "the default"),
    });
    let theirs = settings.iter().filter(|(name, _)| setting_table::find(name).is_none());
    ours.chain(theirs.map(|(name, value)| (name, shown(name, value), source(name)))).collect()
}

/// A value on one line, without what a shoulder behind should not read.
fn shown(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    if SECRET.iter().any(|word| name.contains(word)) {
        return HIDDEN.to_owned();
    }
    let value = value.replace('\n', "\\n");
    // `postgres://user:password@host/db`
    let password = value.split_once("://").and_then(|(scheme, rest)| {
        let (login, place) = rest.split_once('@')?;
        let (user, _) = login.split_once(':')?;
        (!user.contains('/')).then(|| format!("{scheme}://{user}:{HIDDEN}@{place}"))
    });
    password.unwrap_or(value)
}

/// Refuses names that were meant to be others: of the framework's settings in a file, and of those that the program declares.
pub(super) fn refuse_slips(config: &mut Configurator) {
    let mut slips = Vec::new();
    let settings = config.settings();
    let declared: Vec<_> = settings.declared().collect();
    for (name, _) in settings.iter() {
        if setting_table::find(name).is_some() || declared.contains(&name) {
            continue;
        }
        // A name whose right form is there as well is another name.
        let free =
            |known: &&str| settings.place(known).is_none() || settings.source(known) == Some("the program");
        let ours = setting_table::TABLE.iter().filter(|known| known.part == Part::App);
        let ours = ours.map(|known| known.name).filter(free);
        let theirs = declared.iter().copied().filter(free);
        let Some(near) = setting_table::slip(name, ours.chain(theirs)) else { continue };
        let source = settings.source(name).unwrap_or_default();
        slips.push(if settings.place(name).is_some() {
            format!("{source}: there is no setting `{name}`; did you mean `{near}`?")
        } else {
            format!("there is no setting `{name}` (from {source}); did you mean `{near}`?")
        });
    }
    for slip in slips {
        config.refuse(slip, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        for (name, value, expected) in [
            ("session.secret", "s", HIDDEN),
            ("sqlalchemy.url", "postgres://me:pw@host/db", "postgres://me:******@host/db"),
            ("sqlalchemy.url", "sqlite:///db.sqlite", "sqlite:///db.sqlite"),
            ("tweens", "\na\nb", "\\na\\nb"),
        ] {
            assert_eq!(shown(name, value), expected);
        }
    }
}
