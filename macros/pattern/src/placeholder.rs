//! The pieces that take values.

use crate::error::PatternError;
use crate::expression::{CharRun, Expression};
use crate::names::Names;

/// A piece that takes a value out of the path.
#[derive(Debug, Clone)]
pub struct Placeholder {
    name: Box<str>,
    expression: Option<Expression>,
}

impl Placeholder {
    /// Parses `text`, braces included.
    pub(crate) fn parse(text: &str, names: &mut Names<'_>) -> Result<Self, PatternError> {
        let inner = &text[1..text.len() - 1];
        let (name, regex) = match inner.split_once(':') {
            Some((name, regex)) => (name, Some(regex)),
            None => (inner, None),
        };
        names.add(name, format_args!("{text}"))?;
        let expression = regex.map(|regex| Expression::parse(regex, text)).transpose()?;
        for group in expression.iter().flat_map(Expression::groups) {
            names.add(group, format_args!("{text}"))?;
        }
        Ok(Self { name: name.into(), expression })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its regular expression, in the dialect of the `regex` crate; `None` for a plain `{name}`, which takes everything up to the next `/`.
    pub fn regex(&self) -> Option<&str> {
        self.expression.as_ref().map(Expression::as_str)
    }

    /// The names of the groups inside its regular expression, in order. They are values of a match too.
    pub fn groups(&self) -> &[String] {
        self.expression.as_ref().map_or(&[], Expression::groups)
    }

    /// How many groups are inside its regular expression, with a name or without.
    pub fn group_count(&self) -> usize {
        self.expression.as_ref().map_or(0, Expression::group_count)
    }

    /// Whether its value may hold a `/`, so that the rest of the pattern has no fixed place among a path's segments. Errs
    /// on the side of `true`.
    pub fn may_contain_slash(&self) -> bool {
        self.expression.as_ref().is_some_and(Expression::may_contain_slash)
    }

    /// Whether its regular expression asks for what stands around it (`^`, `$`, `\b`), so that it cannot be applied to its
    /// value alone.
    pub fn looks_around(&self) -> bool {
        self.expression.as_ref().is_some_and(Expression::looks_around)
    }

    /// Its values as a run of characters, where they are just that.
    pub fn char_run(&self) -> Option<CharRun> {
        match &self.expression {
            Some(expression) => expression.char_run(),
            None => Some(CharRun { ranges: NO_SLASH.to_vec(), min: 1, max: None }),
        }
    }

    pub(crate) fn expression(&self) -> Option<&Expression> {
        self.expression.as_ref()
    }
}

/// The characters of a plain placeholder: all but `/`.
pub(crate) const NO_SLASH: &[(char, char)] = &[('\0', '.'), ('0', char::MAX)];
