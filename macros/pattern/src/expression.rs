//! The regular expression of a placeholder, and what can be known of it without running it.

use regex_syntax::ast::{self, Ast, Visitor};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::error::{PatternError, PatternErrorKind};

/// A parsed regular expression.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    text: Box<str>,
    hir: Hir,
    groups: Box<[String]>,
}

/// Characters of one set, between `min` and `max` of them: what `\d+`, `[a-z]{2,8}` or `.*` come to. A text matches or it
/// does not; no automaton is needed to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CharRun {
    /// The set, as ranges with both ends included, in ascending order and apart from each other.
    pub ranges: Vec<(char, char)>,
    /// How many characters at least.
    pub min: u32,
    /// How many characters at most; `None` for any number.
    pub max: Option<u32>,
}

impl Expression {
    /// Parses `text`, which is what stands after the colon of `placeholder` (braces included, for the message).
    pub(crate) fn parse(text: &str, placeholder: &str) -> Result<Self, PatternError> {
        let bad = |reason: String, help: Option<&str>| {
            let error = PatternError::new(
                PatternErrorKind::BadRegex,
                format!("the regular expression of `{placeholder}` is refused: {reason}"),
            );
            match help {
                Some(help) => error.with_help(help),
                None => error,
            }
        };
        let ast = ast::parse::Parser::new().parse(text).map_err(|error| match error.kind() {
            ast::ErrorKind::GroupNameInvalid | ast::ErrorKind::GroupNameEmpty => PatternError::new(
                PatternErrorKind::BadName,
                format!("a group in `{placeholder}` has a name that is no identifier"),
            ),
            ast::ErrorKind::GroupNameDuplicate { .. } => PatternError::new(
                PatternErrorKind::DuplicateName,
                format!("two groups in `{placeholder}` have the same name"),
            ),
            kind => bad(one_line(kind), remedy(kind)),
        })?;
        let findings = ast::visit(&ast, Findings::default()).unwrap_or_default();
        if findings.global_flags {
            return Err(bad(
                "flags may not change in the middle of a pattern".to_owned(),
                Some("put what they apply to into the group: `(?i:...)`"),
            ));
        }
        let hir = TranslatorBuilder::new()
            .build()
            .translate(text, &ast)
            .map_err(|error| bad(one_line(error.kind()), None))?;
        Ok(Self { text: text.into(), hir, groups: findings.groups.into() })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn hir(&self) -> &Hir {
        &self.hir
    }

    /// The names of the groups inside, in order.
    pub(crate) fn groups(&self) -> &[String] {
        &self.groups
    }

    /// Whether a match may contain `/`. Errs on the side of `true`.
    pub(crate) fn may_contain_slash(&self) -> bool {
        mentions(&self.hir, '/')
    }

    /// Whether what it matches depends on what stands around it (`^`, `$`, `\b`).
    pub(crate) fn looks_around(&self) -> bool {
        !self.hir.properties().look_set().is_empty()
    }

    pub(crate) fn char_run(&self) -> Option<CharRun> {
        let (class, min, max) = match self.hir.kind() {
            HirKind::Class(class) => (class, 1, Some(1)),
            HirKind::Repetition(repetition) => match repetition.sub.kind() {
                // A lazy one may stop earlier than it must where more follows.
                HirKind::Class(class) if repetition.greedy || repetition.max == Some(repetition.min) => {
                    (class, repetition.min, repetition.max)
                }
                _ => return None,
            },
            _ => return None,
        };
        match class {
            Class::Unicode(class) => {
                let ranges = class.iter().map(|range| (range.start(), range.end())).collect();
                Some(CharRun { ranges, min, max })
            }
            Class::Bytes(_) => None,
        }
    }
}

fn mentions(hir: &Hir, wanted: char) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => text.contains(wanted),
            Err(_) => true,
        },
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&wanted))
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&(wanted as u8)))
        }
        HirKind::Repetition(repetition) => mentions(&repetition.sub, wanted),
        HirKind::Capture(capture) => mentions(&capture.sub, wanted),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().any(|part| mentions(part, wanted))
        }
    }
}

/// What the parser says, without the picture of the pattern that its own error draws over several lines.
fn one_line(kind: &impl std::fmt::Display) -> String {
    kind.to_string().replace('\n', " ")
}

fn remedy(kind: &ast::ErrorKind) -> Option<&'static str> {
    match kind {
        ast::ErrorKind::UnsupportedLookAround => {
            Some("match more than is wanted and let the view refuse, or add a second route before this one")
        }
        ast::ErrorKind::UnsupportedBackreference => Some("compare the two values in the view"),
        ast::ErrorKind::ClassUnclosed => Some("a pattern's braces must pair up; write `}` as `\\x7D`"),
        _ => None,
    }
}

/// What only the syntax tree still shows: the names of groups, and flags that are set for all that follows.
#[derive(Default)]
struct Findings {
    groups: Vec<String>,
    global_flags: bool,
}

impl Visitor for Findings {
    type Output = Self;
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<Self, Self::Err> {
        Ok(self)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        match ast {
            Ast::Flags(_) => self.global_flags = true,
            Ast::Group(group) => {
                if let ast::GroupKind::CaptureName { name, .. } = &group.kind {
                    self.groups.push(name.name.clone());
                }
            }
            _ => {}
        }
        Ok(())
    }
}
