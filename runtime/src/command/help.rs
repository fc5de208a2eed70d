//! `help`: what a program can do, and what there is to know of a command.

use std::fmt::Write;

use super::arguments::{COMMANDS, Command, OptionEntry};
use super::setting_table;

const SETTINGS: &str = "
Settings, as NAME=VALUE, as AIOPYRAMID_NAME in the environment, or in FILE; NAME=VALUE is also what `%(NAME)s` is in FILE
";

const FILE: &str = "
FILE is a configuration file, in INI as Pyramid has it or in TOML: development.ini, production.toml; FILE#NAME takes `[app:NAME]`
of it, and not `[app:main]`
";

/// Of everything.
pub(super) fn all(program: &str) -> String {
    let mut text = format!("Usage: {program} [COMMAND] [FILE[#NAME]] [NAME=VALUE]...\n\nCommands:\n");
    // Writing into a string cannot fail.
    for entry in COMMANDS {
        let head = [entry.name, entry.operands].join(" ");
        let _ = writeln!(text, "  {:<25}  {}", head.trim_end(), entry.meaning);
    }
    let _ = writeln!(text, "\n`{program} help COMMAND` has the options of a command, and examples.");
    text + FILE + SETTINGS + &setting_table::help()
}

/// Of one command.
pub(super) fn of(program: &str, command: Command) -> String {
    let entry = command.entry();
    let options: Vec<_> = OptionEntry::of(command).collect();
    let file = if options.is_empty() { "" } else { "[FILE[#NAME]] [NAME=VALUE]..." };
    let usage =
        [program, entry.name, entry.operands, if options.is_empty() { "" } else { "[OPTIONS]" }, file];
    let usage: Vec<_> = usage.into_iter().filter(|word| !word.is_empty()).collect();
    let mut text = format!("{}.\n\nUsage: {}\n", entry.meaning, usage.join(" "));
    // Writing into a string cannot fail.
    if !entry.details.is_empty() {
        let _ = writeln!(text, "\n{}", entry.details);
    }
    if !options.is_empty() {
        text.push_str("\nOptions:\n");
        for option in &options {
            let short = option.short.map_or_else(|| "    ".to_owned(), |short| format!("{short}, "));
            let head = format!("{short}{} {}", option.long, option.value.unwrap_or_default());
            let _ = writeln!(text, "  {:<29}  {}", head.trim_end(), option.meaning);
        }
        text.push_str(FILE);
    }
    text.push_str("\nExamples:\n");
    for example in entry.examples {
        let _ = writeln!(text, "  {program} {}", example.replace("PROGRAM", program));
    }
    text
}
