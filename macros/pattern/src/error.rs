//! What can be wrong with a pattern.

use std::fmt;

/// What is wrong with a pattern, in one line, with a line that says what to write instead where there is such a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    kind: PatternErrorKind,
    message: String,
    help: Option<String>,
}

/// The class of a [`PatternError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// A name that is no identifier: `{a-b}`, `*1x`.
    BadName,
    /// One name for two things: `{a}/{a}`, `{a}/*a`, `{a:(?P<a>x)}`.
    DuplicateName,
    /// A regular expression that cannot be parsed, or that uses what this dialect lacks.
    BadRegex,
    /// Suspicious: a `*` at the end that has no name, which Pyramid drops.
    NamelessRest,
    /// Suspicious: a `*` that is not at the end, and so only text.
    LiteralStar,
    /// Suspicious: a brace that belongs to no placeholder, and so is only text.
    LiteralBrace,
    /// Suspicious: `%20` and the like in the text, which is compared with a path that is decoded already.
    LiteralEscape,
}

impl PatternError {
    pub(crate) fn new(kind: PatternErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: None }
    }

    /// The error for a regular expression in `piece` that could be parsed but not compiled, which only whoever compiles it
    /// can find out.
    pub fn bad_regex(piece: &str, reason: impl fmt::Display) -> Self {
        Self::new(
            PatternErrorKind::BadRegex,
            format!("the regular expression of `{piece}` is refused: {reason}"),
        )
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The class of the mistake.
    pub fn kind(&self) -> PatternErrorKind {
        self.kind
    }

    /// One line that says what to write instead, with the text to paste in backticks.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

/// The message: one line in lower case, with the offending piece in backticks.
impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PatternError {}
