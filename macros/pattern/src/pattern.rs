//! A pattern and its pieces.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::error::PatternError;
use crate::grammar;
use crate::language::Automaton;
use crate::names::Names;
use crate::placeholder::Placeholder;
use crate::segment::{self, Segment};
use crate::specificity::Specificity;
use crate::suspicion;

/// A pattern, parsed. See the [crate](crate) for the language.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: Box<str>,
    pieces: Vec<Piece>,
    pub(crate) nameless_rest: bool,
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
        let mut names = Names::of(source);
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

    /// The names of the groups inside its regular expressions, in order. They are values of a match too.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.pieces
            .iter()
            .flat_map(|piece| match piece {
                Piece::Placeholder(placeholder) => placeholder.groups(),
                Piece::Literal(_) | Piece::Rest(_) => &[],
            })
            .map(String::as_str)
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
        suspicion::of(self)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PatternErrorKind;

    fn shape(text: &str) -> String {
        let show = |piece: &Piece| match piece {
            Piece::Literal(text) => format!("{text:?}"),
            Piece::Placeholder(placeholder) => match placeholder.regex() {
                Some(regex) => format!("{}~{regex}", placeholder.name()),
                None => placeholder.name().to_owned(),
            },
            Piece::Rest(name) => format!("*{name}"),
        };
        Pattern::parse(text).unwrap().pieces().iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_pattern_is_read_as_pyramid_reads_it() {
        for (text, expected) in [
            ("", r#""/""#),
            ("a/{b}", r#""/a/" b"#),
            ("/{a}{b}-{c}", r#""/" a b "-" c"#),
            (r"/{a:\d{4}}", r#""/" a~\d{4}"#),
            ("/{a:b:c}", r#""/" a~b:c"#),
            ("/{a:}", r#""/" a~"#),
            ("/{1a}/{}/{a", r#""/{1a}/{}/{a""#),
            ("/:a/:b", r#""/" a "/" b"#),
            ("/:a/{b}", r#""/:a/" b"#),
            ("x:y", r#""/x" y"#),
            ("/foo*rest", r#""/foo" *rest"#),
            ("*rest", r#""/" *rest"#),
            ("/foo/*", r#""/foo/""#),
            ("/*a*b", r#""/*a" *b"#),
            ("/*rest:.*", r#""/*rest:.""#),
            ("/*é", r#""/" *é"#),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn a_pattern_that_pyramid_refuses_is_refused() {
        use PatternErrorKind::{BadName, BadRegex, DuplicateName};
        for (text, kind) in [
            ("/{a b}", BadName),
            ("/{a-b}", BadName),
            ("/{a:{b{c}}}", BadName),
            ("/*1x", BadName),
            ("/{a:(?P<1>x)}", BadName),
            ("/{a}/{a}", DuplicateName),
            ("/{a}/*a", DuplicateName),
            ("/{a:(?P<a>x)}", DuplicateName),
            ("/{a:(?P<b>x)(?P<b>y)}", DuplicateName),
            ("/{a:[}", BadRegex),
            ("/{a:)}", BadRegex),
            ("/{a:*}", BadRegex),
            (r"/{a:\d{2,1}}", BadRegex),
            ("/{a:(?i)x}", BadRegex),
            ("/{a:[^/}]+}", BadRegex),
        ] {
            assert_eq!(Pattern::parse(text).map_err(|error| error.kind()).err(), Some(kind), "{text}");
        }
    }

    #[test]
    fn an_error_is_one_line_that_shows_the_piece() {
        for (text, message, help) in [
            (
                "/a/{b-c}",
                "the name in `{b-c}` is no identifier: letters, digits and `_` make one",
                Some("call it `b_c`"),
            ),
            (
                "/{a}/*a",
                "the name `a` stands twice in `/{a}/*a`",
                Some("call one of them something else, such as `other_a`"),
            ),
            (
                "/{a:(}",
                "the regular expression of `{a:(}` is refused: unclosed group",
                Some(r"close the group with `)`, or write `\(` for the character itself"),
            ),
        ] {
            let error = Pattern::parse(text).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.help()), (message, help));
        }
    }

    #[test]
    fn names_come_in_order_and_without_inner_groups() {
        let pattern = Pattern::parse("/{b}/{a:(?P<inner>x)?y}*rest").unwrap();
        assert_eq!(pattern.placeholders().collect::<Vec<_>>(), ["b", "a", "rest"]);
        assert_eq!(pattern.rest(), Some("rest"));
    }

    #[test]
    fn segments_are_what_stands_between_slashes() {
        let segments = |text: &str| -> Vec<String> {
            let pattern = Pattern::parse(text).unwrap();
            let show = |segment: &Segment<'_>| match segment.literal() {
                Some(text) => format!("{text:?}"),
                None => format!("{}/{}:{}", segment.prefix(), segment.suffix(), segment.pieces().len()),
            };
            pattern.segments().iter().map(show).collect()
        };
        assert_eq!(segments("/"), [r#""""#]);
        assert_eq!(segments("/a//b/"), [r#""a""#, r#""""#, r#""b""#, r#""""#]);
        assert_eq!(segments("/x{a}y/{b}.{c}/*d"), ["x/y:3", "/:3", "/:1"]);
        assert_eq!(segments("{a}*b"), ["/:2"]);
    }

    #[test]
    fn literal_segments_end_where_places_become_uncertain() {
        let literals = |text: &str| -> Vec<String> {
            Pattern::parse(text).unwrap().literal_segments().map(str::to_owned).collect()
        };
        assert_eq!(literals("/a/{b}/c"), ["a", "c"]);
        assert_eq!(literals("/a/{b:.*}/c"), ["a"]);
    }

    #[test]
    fn a_prefix_is_joined_with_one_slash() {
        assert_eq!(prefixed("p", "/a"), "p/a");
        assert_eq!(prefixed("/p/q/", "a/"), "p/q/a/");
        assert_eq!(prefixed("", "/a"), "/a");
    }
}
