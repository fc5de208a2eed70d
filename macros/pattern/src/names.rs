//! The names in a pattern.

use std::fmt;

use crate::error::{PatternError, PatternErrorKind};
use crate::grammar;

/// The names of a pattern, of which each may stand once.
pub(crate) struct Names<'s> {
    source: &'s str,
    seen: Vec<String>,
}

impl<'s> Names<'s> {
    /// None yet; `source` is for messages.
    pub(crate) fn of(source: &'s str) -> Self {
        Self { source, seen: Vec::new() }
    }

    /// Takes one more; `written` is the piece that it stands in.
    pub(crate) fn add(&mut self, name: &str, written: fmt::Arguments<'_>) -> Result<(), PatternError> {
        if !grammar::is_identifier(name) {
            let error = PatternError::new(
                PatternErrorKind::BadName,
                format!("the name in `{written}` is no identifier: letters, digits and `_` make one"),
            );
            let mended = mended(name);
            return Err(if mended.is_empty() {
                error
            } else {
                error.with_help(format!("call it `{mended}`"))
            });
        }
        if self.seen.iter().any(|seen| seen == name) {
            let error = PatternError::new(
                PatternErrorKind::DuplicateName,
                format!("the name `{name}` stands twice in `{}`", self.source),
            );
            return Err(error.with_help(format!("call one of them something else, such as `other_{name}`")));
        }
        self.seen.push(name.to_owned());
        Ok(())
    }
}

/// An identifier that looks like `name`.
fn mended(name: &str) -> String {
    let body: String =
        name.trim().chars().map(|c| if unicode_ident::is_xid_continue(c) { c } else { '_' }).collect();
    match body.chars().next() {
        Some(first) if first.is_numeric() => format!("_{body}"),
        _ => body,
    }
}
