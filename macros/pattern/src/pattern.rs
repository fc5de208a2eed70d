//! A pattern and its pieces.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::error::{PatternError, PatternErrorKind};
use crate::expression::{CharRun, Expression};
use crate::grammar;
use crate::language::Automaton;
use crate::segment::{self, Segment};
use crate::specificity::Specificity;

/// A pattern, parsed. See the [crate](crate) for the language.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: Box<str>,
    pieces: Vec<Piece>,
    nameless_rest: bool,
}

/// A piece of a [`Pattern`].
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text that matches itself. Never empty; two never stand side by side.
    Literal(Box<str>),
    /// `{name}` or `{name:regex}`
    Placeholder(Placeholder),
    /// `*name`: the rest of the path. Only as the last piece.
    Rest(Box<str>),
}

/// A piece that takes a value out of the path.
#[derive(Debug, Clone)]
pub struct Placeholder {
    name: Box<str>,
    expression: Option<Expression>,
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// Where Pyramid refuses it: a name that is no identifier or stands twice, a regular expression that is none (here also:
    /// one that uses what the dialect of the `regex` crate lacks).
    pub fn parse(source: &str) -> Result<Self, PatternError> {
        let mut text = match grammar::find_placeholder(source) {
            Some(_) => Cow::Borrowed(source),
            None => grammar::modernised(source),
        };
        if !text.starts_with('/') {
            text.to_mut().insert(0, '/');
        }
        let (mut text, rest) = grammar::cut_rest(&text);
        let mut pieces = Vec::new();
        let mut names = Names { source, seen: Vec::new() };
        while let Some(place) = grammar::find_placeholder(text) {
            if place.start > 0 {
                pieces.push(Piece::Literal(text[..place.start].into()));
            }
            pieces.push(Piece::Placeholder(Placeholder::parse(&text[place.clone()], &mut names)?));
            text = &text[place.end..];
        }
        if !text.is_empty() {
            pieces.push(Piece::Literal(text.into()));
        }
        if let Some(name) = rest.filter(|name| !name.is_empty()) {
            names.add(name, format_args!("*{name}"))?;
            pieces.push(Piece::Rest(name.into()));
        }
        Ok(Self { source: source.into(), pieces, nameless_rest: rest == Some("") })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Its pieces in order. The first is a literal that begins with `/`.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The names of the values that a URL needs, in order; that of a final `*name` comes last. Groups inside a regular
    /// expression are not among them.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Placeholder(placeholder) => Some(placeholder.name()),
            Piece::Rest(name) => Some(&**name),
        })
    }

    /// The name of the final `*name`.
    pub fn rest(&self) -> Option<&str> {
        match self.pieces.last() {
            Some(Piece::Rest(name)) => Some(name),
            _ => None,
        }
    }

    /// Its text where it is nothing else: the one path that it matches.
    pub fn literal(&self) -> Option<&str> {
        match &*self.pieces {
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// What stands between its slashes. The first slash is left out, so `/` has one empty segment.
    ///
    /// Up to and including the first segment that [may hold slashes](Segment::may_contain_slash), they are the segments of
    /// any path that matches.
    pub fn segments(&self) -> Vec<Segment<'_>> {
        segment::of(&self.pieces)
    }

    /// The segments that are nothing but text, as far as their places are certain.
    ///
    /// Patterns that are equally [specific](Self::specificity) have such segments at the same places, so two of them with
    /// different ones have no path in common. That sorts many patterns into small groups in which to look for
    /// [overlaps](Self::overlaps).
    pub fn literal_segments(&self) -> impl Iterator<Item = &str> {
        let mut certain = true;
        let segments = self.segments().into_iter().take_while(move |segment| {
            let taken = certain;
            certain = !segment.may_contain_slash();
            taken
        });
        segments.filter_map(|segment| segment.literal())
    }

    /// How specific it is: of two, the one that compares as less should be tried first.
    pub fn specificity(&self) -> Specificity {
        Specificity::of(self)
    }

    /// Whether one path can match both.
    ///
    /// The answer is exact, regular expressions included, with two exceptions in which it is a cautious `true`: assertions
    /// (`^`, `$`, `\b`) are taken as fulfilled, and the search gives up where repetitions such as `{1,1000}` make it long.
    pub fn overlaps(&self, other: &Self) -> bool {
        if let ([Piece::Literal(one), ..], [Piece::Literal(two), ..]) = (&*self.pieces, &*other.pieces) {
            let both = one.len().min(two.len());
            if one.as_bytes()[..both] != two.as_bytes()[..both] {
                return false;
            }
        }
        match (Automaton::of(&self.pieces), Automaton::of(&other.pieces)) {
            (Some(one), Some(two)) => one.meets(&two),
            _ => true,
        }
    }

    /// What Pyramid reads in silence although it is hardly meant; each with a message and a help line, like an error.
    ///
    /// A pattern that comes from data may rely on these readings. One that stands in a program should not.
    pub fn suspicions(&self) -> Vec<PatternError> {
        let mut found = Vec::new();
        let source = self.as_str();
        if self.nameless_rest {
            let trimmed = source.trim_end_matches('*');
            found.push(
                PatternError::new(
                    PatternErrorKind::NamelessRest,
                    format!("the `*` at the end of `{source}` has no name, so it matches nothing"),
                )
                .with_help(format!("name what it takes: `{trimmed}*rest`")),
            );
        }
        for piece in &self.pieces {
            if let Piece::Literal(text) = piece {
                found.extend(suspicious_text(text, source));
            }
        }
        found
    }
}

fn suspicious_text(text: &str, source: &str) -> Vec<PatternError> {
    let mut found = Vec::new();
    if text.contains('*') {
        found.push(
            PatternError::new(
                PatternErrorKind::LiteralStar,
                format!("a `*` in `{source}` is text: it takes the rest of a path only at the very end"),
            )
            .with_help("to take any text in the middle, write `{name:.*}`"),
        );
    }
    if text.contains(['{', '}']) {
        found.push(
            PatternError::new(
                PatternErrorKind::LiteralBrace,
                format!("`{text}` is text in `{source}`: its braces are no placeholder"),
            )
            .with_help("a placeholder is `{name}` or `{name:regex}`, and its name begins with an ASCII letter or `_`"),
        );
    }
    let escape = text.match_indices('%').find_map(|(at, _)| text.get(at..at + 3).filter(|escape| is_escape(escape)));
    if let Some(escape) = escape {
        found.push(
            PatternError::new(
                PatternErrorKind::LiteralEscape,
                format!("`{escape}` in `{source}` is text: a pattern is compared with the decoded path"),
            )
            .with_help("write the character itself, as in `/a b` or `/é`"),
        );
    }
    found
}

fn is_escape(text: &str) -> bool {
    text.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::parse(text)
    }
}

/// The pattern as it was written.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Placeholder {
    /// Parses `text`, braces included.
    fn parse(text: &str, names: &mut Names<'_>) -> Result<Self, PatternError> {
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

    /// Its regular expression; `None` for a plain `{name}`, which takes everything up to the next `/`.
    pub fn regex(&self) -> Option<&str> {
        self.expression.as_ref().map(Expression::as_str)
    }

    /// The names of the groups inside its regular expression, in order. They are values of a match too.
    pub fn groups(&self) -> &[String] {
        self.expression.as_ref().map_or(&[], Expression::groups)
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

/// The names of a pattern, of which each may stand once.
struct Names<'s> {
    source: &'s str,
    seen: Vec<String>,
}

impl Names<'_> {
    fn add(&mut self, name: &str, written: fmt::Arguments<'_>) -> Result<(), PatternError> {
        if !grammar::is_identifier(name) {
            let error = PatternError::new(
                PatternErrorKind::BadName,
                format!("the name in `{written}` is no identifier: letters, digits and `_` make one"),
            );
            let mended = mended(name);
            return Err(if mended.is_empty() { error } else { error.with_help(format!("call it `{mended}`")) });
        }
        if self.seen.iter().any(|seen| seen == name) {
            return Err(PatternError::new(
                PatternErrorKind::DuplicateName,
                format!("the name `{name}` stands twice in `{}`", self.source),
            ));
        }
        self.seen.push(name.to_owned());
        Ok(())
    }
}

/// An identifier that looks like `name`.
fn mended(name: &str) -> String {
    let body: String = name.trim().chars().map(|c| if grammar::continues_name(c) { c } else { '_' }).collect();
    match body.chars().next() {
        Some(first) if first.is_numeric() => format!("_{body}"),
        _ => body,
    }
}

/// The pattern of a route that is added inside `prefix`, as Pyramid joins them (`route_prefix`): one slash between the two,
/// none before and after the prefix. Give an empty `prefix` to leave the pattern alone.
///
/// ```
/// use aiopyramid_pattern::prefixed;
///
/// assert_eq!(prefixed("/users/", "{id}"), "users/{id}");
/// assert_eq!(prefixed("users", ""), "users/");
/// ```
pub fn prefixed(prefix: &str, pattern: &str) -> String {
    match prefix.trim_matches('/') {
        "" => pattern.to_owned(),
        prefix => format!("{prefix}/{}", pattern.trim_start_matches('/')),
    }
}
