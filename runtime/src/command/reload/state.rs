//! What a supervisor and its workers tell each other.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::app::application::Application;

/// Which version of the pages is meant: it goes into each page, and a page that is told of a later one refreshes itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Version {
    /// Pages of another run are older, whatever their numbers are.
    pub(super) session: u64,
    /// Counts all that pages are made of.
    pub(super) page: u64,
    /// Counts changes of style sheets alone, which need no new page.
    pub(super) style: u64,
}

impl Version {
    /// Whether a page of this version shows what one of the other version does, style sheets aside.
    pub(super) fn has_pages_of(&self, other: &Self) -> bool {
        (self.session, self.page) == (other.session, other.page)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.session, self.page, self.style)
    }
}

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = text.split('.').map(|number| number.parse().map_err(|_| ()));
        let mut next = || numbers.next().unwrap_or(Err(()));
        let version = Self { session: next()?, page: next()?, style: next()? };
        if numbers.next().is_some() { Err(()) } else { Ok(version) }
    }
}

/// What is newest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) version: Version,
    pub(super) problem: Option<Problem>,
}

/// Why there is nothing newer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Problem {
    /// `The program does not compile`
    pub(super) title: String,
    /// What the compiler, or the program, has said.
    pub(super) text: String,
}

/// What a worker reads while it serves, so that a change of it needs no new program.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Watched {
    /// Files of templates.
    pub(super) templates: Vec<PathBuf>,
    /// Folders of static views.
    pub(super) folders: Vec<PathBuf>,
}

impl Watched {
    pub(super) fn of(application: &Application) -> Self {
        #[cfg(feature = "templates")]
        let mut templates: Vec<PathBuf> =
            application.templates.files_read().iter().map(PathBuf::from).collect();
        #[cfg(not(feature = "templates"))]
        let mut templates: Vec<PathBuf> = Vec::new();
        // A layout is part of many.
        templates.sort();
        templates.dedup();
        #[cfg(feature = "static")]
        let folders = application.statics.folders.clone();
        #[cfg(not(feature = "static"))]
        let folders = Vec::new();
        let _ = application;
        Self { templates, folders }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_it_is_written() {
        let version = Version { session: 7, page: 2, style: 1 };
        assert_eq!(version.to_string().parse(), Ok(version));
        for text in ["", "1", "1.2", "1.2.x", "1.2.3.4", "-1.2.3"] {
            assert_eq!(text.parse::<Version>(), Err(()), "{text}");
        }
    }
}
