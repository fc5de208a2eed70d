//! `completions`: what makes a shell complete the command line of this program.

use std::fmt::Write;

use super::arguments::{COMMANDS, Command, OPTIONS, OptionEntry};
use super::setting_table;

/// The shells that are known.
pub(super) const SHELLS: &[&str] = &["bash", "zsh", "fish"];

/// The script for a shell; `None` where it is none that is known.
pub(super) fn script(shell: &str, program: &str) -> Option<String> {
    match shell {
        "bash" => Some(bash(program)),
        "zsh" => Some(zsh(program)),
        "fish" => Some(fish(program)),
        _ => None,
    }
}

/// A name that a function of a shell can have.
fn function(program: &str) -> String {
    let word = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    format!("_{}", program.chars().map(word).collect::<String>())
}

fn settings() -> impl Iterator<Item = String> {
    setting_table::TABLE.iter().map(|known| format!("{}=", known.name))
}

/// What can stand behind a command, apart from files and settings.
fn words(command: Command) -> Vec<&'static str> {
    let operands = match command {
        Command::Completions => SHELLS.to_vec(),
        Command::Help => COMMANDS.iter().map(|entry| entry.name).collect(),
        Command::Views | Command::Request => vec!["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        _ => Vec::new(),
    };
    OptionEntry::of(command).map(|option| option.long).chain(operands).collect()
}

fn takes_file(command: Command) -> bool {
    !matches!(command, Command::Completions | Command::Help)
}

fn bash(program: &str) -> String {
    let function = function(program);
    let names: Vec<_> = COMMANDS.iter().map(|entry| entry.name).collect();
    let mut cases = String::new();
    for entry in COMMANDS {
        let list = words(entry.command).join(" ");
        let settings = if takes_file(entry.command) { " $settings" } else { "" };
        // Writing into a string cannot fail.
        let _ = writeln!(cases, "        {}) words=\"{list}{settings}\" ;;", entry.name);
    }
    let settings: Vec<_> = settings().collect();
    format!(
        r#"# Completes `{program}` in bash.
{function}() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" settings="{settings}" words
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{names}" -- "$current"))
        return
    fi
    case "${{COMP_WORDS[1]}}" in
{cases}    esac
    COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -X '!*.@(ini|toml)' -- "$current"))
    case "${{COMPREPLY[0]-}}" in *=) compopt -o nospace ;; esac
}}
complete -o filenames -F {function} {program}
"#,
        settings = settings.join(" "),
        names = names.join(" "),
    )
}

fn zsh(program: &str) -> String {
    let function = function(program);
    let mut names = String::new();
    let mut cases = String::new();
    for entry in COMMANDS {
        // Writing into a string cannot fail.
        let _ = writeln!(names, "        {}", quoted(&format!("{}:{}", entry.name, entry.meaning)));
        let list = words(entry.command).join(" ");
        let _ = writeln!(
            cases,
            "        {}) compadd -- {list}; {} ;;",
            entry.name,
            if takes_file(entry.command) {
                "compadd -S '' -- $settings; _files -g '*.(ini|toml)'"
            } else {
                ":"
            }
        );
    }
    let settings: Vec<_> = settings().collect();
    format!(
        r"#compdef {program}
# Completes `{program}` in zsh.
{function}() {{
    local -a commands settings
    commands=(
{names}    )
    settings=({settings})
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    case $words[2] in
{cases}    esac
}}
compdef {function} {program}
",
        settings = settings.join(" "),
    )
}

fn fish(program: &str) -> String {
    let mut text = format!("# Completes `{program}` in fish.\ncomplete -c {program} -f\n");
    // Writing into a string cannot fail.
    for entry in COMMANDS {
        let _ = writeln!(
            text,
            "complete -c {program} -n __fish_use_subcommand -a {} -d {}",
            entry.name,
            quoted(entry.meaning)
        );
        let list = words(entry.command);
        let list: Vec<_> = list.into_iter().filter(|word| !word.starts_with('-')).collect();
        if !list.is_empty() {
            let _ = writeln!(
                text,
                "complete -c {program} -n '__fish_seen_subcommand_from {}' -a {}",
                entry.name,
                quoted(&list.join(" "))
            );
        }
    }
    for option in OPTIONS {
        let commands: Vec<_> = option.commands.iter().map(|command| command.entry().name).collect();
        let short =
            option.short.map_or_else(String::new, |short| format!(" -s {}", short.trim_start_matches('-')));
        let _ = writeln!(
            text,
            "complete -c {program} -n '__fish_seen_subcommand_from {}' -l {}{short}{} -d {}",
            commands.join(" "),
            option.long.trim_start_matches('-'),
            if option.value.is_some() { " -r" } else { "" },
            quoted(option.meaning)
        );
    }
    let commands: Vec<_> =
        COMMANDS.iter().filter(|entry| takes_file(entry.command)).map(|entry| entry.name).collect();
    let seen = format!("'__fish_seen_subcommand_from {}'", commands.join(" "));
    let _ = writeln!(text, "complete -c {program} -n {seen} -k -a '(__fish_complete_suffix .ini .toml)'");
    for setting in settings() {
        let _ = writeln!(text, "complete -c {program} -n {seen} -a {}", quoted(&setting));
    }
    text
}

/// In single quotes, as every one of these shells has them.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
