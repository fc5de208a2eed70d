//! `tweens`: what stands around the application, as Pyramid's `ptweens` prints it.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::app::application::Application;
use crate::app::tween::{INGRESS, MAIN};

/// The tweens from the outermost to the innermost; where the setting lists them, also the order that they would have without.
pub(super) fn chains(application: &Application) -> String {
    let tweens = application.tweens();
    let used: Vec<_> = tweens.iter().map(|tween| tween.name.as_str()).collect();
    if !tweens.is_explicit() {
        let head = "\"tweens\" config value NOT set (implicitly ordered tweens used)";
        return format!("{head}\n\n{}", chain("Implicit Tween Chain", &used));
    }
    let head = "\"tweens\" config value set (explicitly ordered tweens used)";
    let unused = match tweens.implicit() {
        Some(names) => {
            chain("Implicit Tween Chain (not used)", &names.iter().map(String::as_str).collect::<Vec<_>>())
        }
        None => "Implicit Tween Chain (not used)\n\nThe tweens contradict each other.\n".to_owned(),
    };
    format!("{head}\n\n{}\n{unused}", chain("Explicit Tween Chain (used)", &used))
}

/// The same for programs.
pub(super) fn document(application: &Application) -> Value {
    let tweens = application.tweens();
    let used =
        tweens.iter().map(|tween| json!({"name": tween.name, "where": tween.origin.map(|o| o.to_string())}));
    json!({"explicit": tweens.is_explicit(), "used": used.collect::<Vec<_>>(), "implicit": tweens.implicit()})
}

fn chain(title: &str, names: &[&str]) -> String {
    let mut text = format!("{title}\n\n");
    let mut row = |position: &str, name: &str| {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{position:<10}  {name:<65}");
    };
    row("Position", "Name");
    row("--------", "----");
    row("-", INGRESS);
    for (position, name) in names.iter().enumerate() {
        row(&position.to_string(), name);
    }
    row("-", MAIN);
    text
}
