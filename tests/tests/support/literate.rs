//! A text that tells its reader what to write and what to type, taken at its word.
//!
//! - A line that is nothing but a path in backticks and a colon says which file the next block is: written as it stands, or, where
//!   the block is a `diff`, changed by it.
//! - In a block that is a `console`, what stands behind `$ ` is typed, and the lines below are what comes of it. `...` is any text;
//!   on a line of its own, any lines.
//! - Where a line tells of a browser, as [`Glance`] has it, the next block is the text that stands in its window then.

use std::collections::VecDeque;

use regex::Regex;

/// What the reader does.
#[derive(Debug)]
pub(crate) enum Deed {
    /// A heading, for messages.
    Begin(String),
    /// A file gets this text.
    Write { path: String, text: String },
    /// In a file, these lines become those.
    Change { path: String, old: String, new: String },
    /// A command is typed, and this comes of it.
    Type { command: String, expected: Vec<String> },
    /// A window of a browser shows this.
    Look { glance: Glance, expected: Vec<String> },
}

/// Where somebody looks, and what was done there before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Glance {
    /// ``In a browser, `URL` shows:``, or ``In a second browser, ...``
    Open { window: usize, url: String },
    /// ``Type `TEXT` there, press Enter, and it shows:``, in the window that was looked at last.
    Type(String),
    /// `The first browser shows now:`
    Again { window: usize },
}

impl Glance {
    /// What a line says of a browser.
    fn told(line: &str) -> Option<Self> {
        let opened = |before| Some(line.strip_prefix(before)?.strip_suffix("` shows:")?.to_owned());
        let typed = || line.strip_prefix("Type `")?.strip_suffix("` there, press Enter, and it shows:");
        if let Some(url) = opened("In a browser, `") {
            Some(Self::Open { window: 0, url })
        } else if let Some(url) = opened("In a second browser, `") {
            Some(Self::Open { window: 1, url })
        } else if let Some(text) = typed() {
            Some(Self::Type(text.to_owned()))
        } else {
            (line == "The first browser shows now:").then_some(Self::Again { window: 0 })
        }
    }
}

/// Everything that a text tells its reader to do, in order.
pub(crate) fn deeds(text: &str) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let mut path = None;
    let mut glance = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("# ") {
            deeds.push(Deed::Begin(title.to_owned()));
        } else if let Some(name) = line.strip_prefix('`').and_then(|line| line.strip_suffix("`:")) {
            path = Some(name.to_owned());
        } else if let Some(told) = Glance::told(line) {
            glance = Some(told);
        } else if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match (language, &path) {
                ("console", _) => deeds.extend(typed(&block)),
                ("text", _) => {
                    let glance = glance.take().expect("a line that tells in which browser this stands");
                    let expected = block.into_iter().map(str::to_owned).collect();
                    deeds.push(Deed::Look { glance, expected });
                }
                ("diff", Some(path)) => deeds.push(change(path, &block)),
                (_, Some(path)) => {
                    deeds.push(Deed::Write { path: path.clone(), text: block.join("\n") + "\n" });
                }
                (_, None) => {}
            }
        }
    }
    deeds
}

fn typed(block: &[&str]) -> Vec<Deed> {
    let mut deeds = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), deeds.last_mut()) {
            (Some(command), _) => {
                deeds.push(Deed::Type { command: command.to_owned(), expected: Vec::new() });
            }
            (None, Some(Deed::Type { expected, .. })) => expected.push((*line).to_owned()),
            (None, _) => panic!("nothing was typed before `{line}`"),
        }
    }
    deeds
}

fn change(path: &str, block: &[&str]) -> Deed {
    let side = |leaves: char| {
        let kept = block.iter().filter(|line| !line.starts_with(leaves));
        kept.flat_map(|line| [line.get(1..).unwrap_or_default(), "\n"]).collect::<String>()
    };
    Deed::Change { path: path.to_owned(), old: side('+'), new: side('-') }
}

/// The text in which a change has been made.
///
/// # Panics
/// Where the lines do not stand in the text, or several times.
pub(crate) fn changed(text: &str, old: &str, new: &str, path: &str) -> String {
    // The first line of a change begins a line of the file.
    let text = format!("\n{text}");
    let (old, new) = (format!("\n{old}"), format!("\n{new}"));
    assert_eq!(text.matches(&old).count(), 1, "this does not stand once in {path}:{old}\nwhich is{text}");
    text.replacen(&old, &new, 1)[1..].to_owned()
}

/// Whether this came of a command as the text says.
pub(crate) fn is_as_expected(output: &str, expected: &[String]) -> bool {
    let mut pattern = String::from("(?s)^");
    let mut lines: VecDeque<_> = expected.iter().collect();
    while let Some(line) = lines.pop_front() {
        if line == "..." {
            pattern.push_str("(?:[^\n]*\n)*?");
        } else {
            let pieces: Vec<_> = line.split("...").map(regex::escape).collect();
            pattern.push_str(&pieces.join("[^\n]*"));
            // What nobody sees at the end of a line counts for nothing.
            pattern.push_str(" *\n");
        }
    }
    pattern.push('$');
    let output =
        if output.is_empty() || output.ends_with('\n') { output.to_owned() } else { format!("{output}\n") };
    Regex::new(&pattern).expect("what is escaped is a pattern").is_match(&output)
}
