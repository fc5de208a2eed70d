//! What is wrong with a configuration: everything at once, each with the places that it concerns.

use std::fmt;

use crate::app::origin::Origin;

/// One thing that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    message: String,
    places: Vec<Origin>,
    help: Option<String>,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>, places: impl IntoIterator<Item = Origin>) -> Self {
        Self { message: message.into(), places: places.into_iter().collect(), help: None }
    }

    /// An error as a fault; what follows `\nhelp: ` in its text is the help.
    pub(crate) fn of_error(error: &impl fmt::Display, places: impl IntoIterator<Item = Origin>) -> Self {
        let text = error.to_string();
        match text.split_once("\nhelp: ") {
            Some((message, help)) => Self::new(message, places).with_help(help),
            None => Self::new(text, places),
        }
    }

    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What is wrong, in one sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Every place that has to do with it.
    pub fn places(&self) -> &[Origin] {
        &self.places
    }

    /// What to write instead, where that is known.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        for place in &self.places {
            write!(f, "\n  --> {place}")?;
            if !place.module.is_empty() {
                write!(f, " ({})", place.module)?;
            }
        }
        for line in self.help.iter().flat_map(|help| help.lines()) {
            write!(f, "\n  help: {line}")?;
        }
        Ok(())
    }
}

/// Everything that is wrong with a configuration. An application with a fault does not start.
#[derive(Debug, Clone)]
pub struct ConfigurationError {
    faults: Vec<Fault>,
}

impl ConfigurationError {
    pub(crate) fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| fault.places.first().copied());
        Self { faults }
    }

    /// All of it, by place.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [fault] = &self.faults[..] {
            return fault.fmt(f);
        }
        for fault in &self.faults {
            write!(f, "{fault}\n\n")?;
        }
        write!(f, "the application has {} faults and was not started", self.faults.len())
    }
}

impl std::error::Error for ConfigurationError {}
