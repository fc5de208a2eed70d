//! One pattern, ready to match.

use aiopyramid_pattern::{Pattern, PatternError, Piece, Segment, SegmentPiece};
use regex::Regex;

use super::field::{Field, whole};
use super::segments::{Cuts, Segments};
use super::values::Values;
use crate::protocol::url::words;

/// A pattern that is ready to match paths.
///
/// ```
/// use aiopyramid::pattern::Matcher;
///
/// let matcher = Matcher::parse(r"/{year:\d{4}}/{title}.html")?;
/// let path = "/2024/a tale.html";
/// let values = matcher.find(path).unwrap();
/// assert_eq!(matcher.value_of("title", &values, path), Some("a tale"));
/// assert!(matcher.find("/24/a tale.html").is_none());
/// # Ok::<(), aiopyramid::pattern::PatternError>(())
/// ```
#[derive(Debug)]
pub struct Matcher {
    pattern: Pattern,
    names: Box<[Box<str>]>,
    /// How many of the names are placeholders; the others are groups inside of them.
    placeholders: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// One path.
    Literal(Box<str>),
    /// Agrees with a path segment by segment up to the last part, which may reach over several.
    Segments(Plan),
    /// Only the `regex` crate can do it. `groups` are those of its values.
    Regex { regex: Regex, groups: Box<[usize]> },
}

#[derive(Debug)]
struct Plan {
    /// The segments that are text, by their place.
    literals: Box<[(usize, Box<str>)]>,
    /// The segments with values, by their place.
    parts: Box<[(usize, Part)]>,
    /// The place of the last part, if it may reach over several segments of a path; else the number of segments.
    end: usize,
    tail: Option<Field>,
}

#[derive(Debug)]
enum Part {
    /// A plain placeholder that is the whole segment: the usual one.
    Whole,
    Field(Field),
}

impl Matcher {
    /// The matcher of a pattern that is still text.
    ///
    /// # Errors
    /// As [`Pattern::parse`], and where a regular expression becomes too large when it is compiled.
    pub fn parse(pattern: &str) -> Result<Self, PatternError> {
        Self::new(Pattern::parse(pattern)?)
    }

    /// The matcher of a pattern.
    ///
    /// # Errors
    /// Where a regular expression becomes too large when it is compiled.
    pub fn new(pattern: Pattern) -> Result<Self, PatternError> {
        let kind = Kind::of(&pattern).map_err(|error| PatternError::bad_regex(pattern.as_str(), error))?;
        let mut names: Vec<Box<str>> = pattern.placeholders().map(Into::into).collect();
        let placeholders = names.len();
        names.extend(pattern.groups().map(Into::into));
        Ok(Self { names: names.into(), placeholders, kind, pattern })
    }

    /// The pattern.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The names of the values of a match, in their order: the placeholders, a final `*name`, then the groups inside of
    /// regular expressions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// Whether `path`, which is decoded, matches, and with what values. The empty path counts as `/`.
    pub fn find(&self, path: &str) -> Option<Values> {
        let path = if path.is_empty() { "/" } else { path };
        let mut values = Values::default();
        let matches = match &self.kind {
            Kind::Literal(text) => path == &**text,
            Kind::Regex { .. } => self.find_values(&Segments::cut(path, 1, &mut Cuts::of(1))?, &mut values),
            Kind::Segments(plan) => {
                let limit = plan.end + 1;
                let mut cuts = Cuts::of(limit);
                let segments = Segments::cut(path, limit, &mut cuts)?;
                plan.fits(&segments) && self.find_values(&segments, &mut values)
            }
        };
        matches.then_some(values)
    }

    /// The value of the placeholder or group called `name`; of a final `*name` its whole text. `path` is the path that was
    /// matched.
    pub fn value_of<'p>(&self, name: &str, values: &Values, path: &'p str) -> Option<&'p str> {
        let index = self.names.iter().position(|known| &**known == name)?;
        values.get(index, path)
    }

    /// What a final `*name` took; `None` where the pattern has none.
    pub fn rest<'p>(&self, values: &Values, path: &'p str) -> Option<&'p str> {
        self.pattern.rest()?;
        values.get(self.placeholders - 1, path)
    }

    /// The one path that matches, where there are no placeholders.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.kind {
            Kind::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// Adds the values of a path that has the literal segments of this pattern at their places, and as many segments; says
    /// whether it matches.
    pub(crate) fn find_values(&self, segments: &Segments<'_>, values: &mut Values) -> bool {
        values.truncate(0);
        match &self.kind {
            Kind::Literal(_) => true,
            Kind::Segments(plan) => plan.find_values(segments, values),
            Kind::Regex { regex, groups } => {
                let mut locations = regex.capture_locations();
                if regex.captures_read(&mut locations, segments.path()).is_none() {
                    return false;
                }
                for group in groups {
                    match locations.get(*group) {
                        Some((start, end)) => values.push(start, end),
                        None => values.push_absent(),
                    }
                }
                true
            }
        }
    }
}

impl Kind {
    fn of(pattern: &Pattern) -> Result<Self, regex::Error> {
        if let Some(text) = pattern.literal() {
            return Ok(Self::Literal(text.into()));
        }
        match Plan::of(pattern)? {
            Some(plan) => Ok(Self::Segments(plan)),
            None => Self::regex(pattern),
        }
    }

    /// The whole pattern as one regular expression, which can do all that the dialect can.
    fn regex(pattern: &Pattern) -> Result<Self, regex::Error> {
        let mut text = String::new();
        let mut groups = Vec::new();
        let mut names = Vec::new();
        let mut count = 0;
        for piece in pattern.pieces() {
            match piece {
                Piece::Literal(literal) => text.push_str(&regex::escape(literal)),
                Piece::Placeholder(placeholder) => {
                    text.extend(["(", placeholder.regex().unwrap_or("[^/]+"), ")"]);
                    count += 1;
                    groups.push(count);
                    count += placeholder.group_count();
                    names.extend(placeholder.groups());
                }
                Piece::Rest(_) => {
                    text.push_str("(.*?)");
                    groups.push(count + 1);
                }
            }
        }
        let regex = whole(&text)?;
        let place = |wanted: &String| regex.capture_names().position(|name| name == Some(wanted));
        groups.extend(names.into_iter().filter_map(place));
        Ok(Self::Regex { groups: groups.into(), regex })
    }
}

impl Plan {
    /// How to match without the `regex` crate on the whole path; `None` where that cannot be.
    fn of(pattern: &Pattern) -> Result<Option<Self>, regex::Error> {
        let segments = pattern.segments();
        let end = segments.iter().position(Segment::may_contain_slash).unwrap_or(segments.len());
        let mut literals = Vec::new();
        let mut parts = Vec::new();
        for (place, segment) in segments[..end].iter().enumerate() {
            if let Some(text) = segment.literal() {
                literals.push((place, text.into()));
                continue;
            }
            let part = match segment.pieces() {
                [SegmentPiece::Placeholder(placeholder)] if placeholder.regex().is_none() => Part::Whole,
                pieces => match Field::new(pieces, "")? {
                    Some(field) => Part::Field(field),
                    None => return Ok(None),
                },
            };
            parts.push((place, part));
        }
        let tail = match &segments[end..] {
            [] => None,
            [first, behind @ ..] => {
                // Behind a segment of uncertain length there may only be text, which is then looked for at the path's end.
                let mut trailing = String::new();
                for segment in behind {
                    let Some(text) = segment.literal() else { return Ok(None) };
                    trailing.extend(["/", text]);
                }
                match Field::new(first.pieces(), &trailing)? {
                    Some(field) => Some(field),
                    None => return Ok(None),
                }
            }
        };
        Ok(Some(Self { literals: literals.into(), parts: parts.into(), end, tail }))
    }

    /// Whether the number of segments and the literal ones are as they must be.
    fn fits(&self, segments: &Segments<'_>) -> bool {
        let enough = if self.tail.is_some() { segments.count() > self.end } else { segments.are(self.end) };
        enough && self.literals.iter().all(|(place, text)| segments.bytes(*place) == text.as_bytes())
    }

    fn find_values(&self, segments: &Segments<'_>, values: &mut Values) -> bool {
        let path = segments.path();
        for (place, part) in &self.parts {
            let text = segments.place(*place);
            let found = match part {
                Part::Whole => {
                    values.push(text.start, text.end);
                    !text.is_empty()
                }
                Part::Field(field) => field.find(path, text.start, text.end, values).is_some(),
            };
            if !found {
                return false;
            }
        }
        let Some(tail) = &self.tail else { return true };
        let first = segments.place(self.end);
        if !tail.is_open() {
            return tail.find(path, first.start, path.len(), values).is_some();
        }
        let Some(start) = tail.find(path, first.start, first.end, values) else { return false };
        values.push(start, path.len());
        // Python's `.` matches everything but a line break.
        !words::contains(&path.as_bytes()[start..], b'\n')
    }
}
