//! What the list is made of.

use std::str::FromStr;

use aiopyramid::TemplateContext;
use serde::Serialize;

/// The most characters of a title.
pub(crate) const LONGEST_TITLE: usize = 200;

/// Something to do.
#[derive(Debug, Serialize, TemplateContext)]
pub(crate) struct Task {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) done: bool,
}

/// All that there is to do, as it was at some moment.
#[derive(Debug, Serialize, TemplateContext)]
pub(crate) struct List {
    /// How many changes it has seen: of two lists the one with more is the newer one.
    pub(crate) revision: i64,
    /// Those that were added first come first.
    pub(crate) tasks: Vec<Task>,
    /// How many are not done yet.
    pub(crate) open: usize,
}

impl List {
    pub(crate) fn new(revision: i64, tasks: Vec<Task>) -> Self {
        let open = tasks.iter().filter(|task| !task.done).count();
        Self { revision, tasks, open }
    }
}

/// What a task may be called.
#[derive(Debug, PartialEq)]
pub(crate) struct Title(String);

impl Title {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Title {
    /// What is wrong, for whoever has typed it.
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let title = typed.trim();
        if title.is_empty() {
            return Err("Say what is to be done.".to_owned());
        }
        if title.chars().count() > LONGEST_TITLE {
            return Err(format!("Say it shorter: {LONGEST_TITLE} characters at most."));
        }
        if title.chars().any(char::is_control) {
            return Err("Say it on one line.".to_owned());
        }
        Ok(Self(title.to_owned()))
    }
}
