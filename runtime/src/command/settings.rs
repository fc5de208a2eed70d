//! `settings`: what is set, and where; and the names that are slips of the pen.

use std::fmt::Write;

use serde_json::{Value, json};

use super::setting_table::{self, Part};
use crate::app::settings::Settings;
use crate::registry::Configurator;

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
        Some(value) => (known.name, Settings::masked(known.name, value), source(known.name)),
        None => (known.name, known.default.to_owned(), "the default"),
    });
    let theirs = settings.iter().filter(|(name, _)| setting_table::find(name).is_none());
    ours.chain(theirs.map(|(name, value)| (name, Settings::masked(name, value), source(name)))).collect()
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
