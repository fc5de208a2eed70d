//! The regular expression of a placeholder, and what can be known of it without running it.

use std::borrow::Cow;

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
            let error = PatternError::bad_regex(placeholder, reason);
            match help {
                Some(help) => error.with_help(help),
                None => error,
            }
        };
        let text = &*with_python_meaning(text);
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

    /// How many groups are inside, with a name or without.
    pub(crate) fn group_count(&self) -> usize {
        self.hir.properties().explicit_captures_len()
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

/// What to write in an expression instead of what stands there.
///
/// The parser's language and Python's differ in a few places where neither complains, or where what Python takes is an error
/// to the parser:
/// - Braces that count no repetition are text, and `{,4}` may do without its zero.
/// - `\\Z` is the end, `\\<` and `\\>` are the characters, and `\\b` in a set is the backspace.
/// - `[` in a set is a character, and so are `&&`, `--` and `~~`. Only where a `[` follows one of these, or a `:` a `[`, it
///   can hardly be meant so: there the parser's operations with sets and its `[:alpha:]` stay.
struct PythonReader<'t> {
    text: &'t str,
    written: String,
    copied: usize,
    /// Where the innermost set begins, if there is one, and how many are around it.
    set: usize,
    depth: usize,
}

fn with_python_meaning(text: &str) -> Cow<'_, str> {
    let mut reader = PythonReader { text, written: String::new(), copied: 0, set: 0, depth: 0 };
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        at = match c {
            '\\' => reader.escape(at),
            '{' => reader.brace(at),
            '[' if reader.depth == 0 => reader.open_set(at),
            _ if reader.depth > 0 => reader.in_set(at, c),
            c => at + c.len_utf8(),
        };
    }
    if reader.copied == 0 {
        return Cow::Borrowed(text);
    }
    reader.written.push_str(&text[reader.copied..]);
    Cow::Owned(reader.written)
}

impl PythonReader<'_> {
    /// Writes `new` instead of what stands from `start` to `end`, and goes on there.
    fn write(&mut self, start: usize, end: usize, new: &str) -> usize {
        self.written.extend([&self.text[self.copied..start], new]);
        self.copied = end;
        end
    }

    fn escape(&mut self, at: usize) -> usize {
        let Some(c) = self.text[at + 1..].chars().next() else { return self.text.len() };
        let end = at + 1 + c.len_utf8();
        match c {
            'Z' if self.depth == 0 => self.write(at, end, r"\z"),
            'b' if self.depth > 0 => self.write(at, end, r"\x08"),
            '<' => self.write(at, end, "<"),
            '>' => self.write(at, end, ">"),
            // The brace of `\p{Greek}` or `\x{7D}` belongs to the escape.
            'p' | 'P' | 'x' | 'u' | 'U' | 'b' if self.text[end..].starts_with('{') => end + 1,
            _ => end,
        }
    }

    fn brace(&mut self, at: usize) -> usize {
        let inner = self.text[at + 1..].split('}').next().unwrap_or_default();
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let counts = !inner.is_empty() && inner.split(',').count() <= 2 && inner.split(',').all(digits);
        match counts {
            true if !inner.starts_with(',') => at + 1,
            true => self.write(at, at + 1, "{0"),
            false => self.write(at, at + 1, r"\{"),
        }
    }

    fn open_set(&mut self, at: usize) -> usize {
        self.depth += 1;
        self.set = at + 1 + usize::from(self.text[at + 1..].starts_with('^'));
        self.set
    }

    fn in_set(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        let rest = &self.text[end..];
        match c {
            // The first character of a set is none that ends it.
            ']' if at > self.set => {
                self.depth -= 1;
                end
            }
            '[' => match rest.strip_prefix(':').and_then(|name| name.find(":]")) {
                Some(length) => end + length + 3,
                None => self.write(at, end, r"\["),
            },
            '&' | '-' | '~' if rest.starts_with(c) => {
                if rest[1..].starts_with('[') {
                    return self.open_set(end + 1);
                }
                // A dash at the start is the beginning of a range, if a dash follows, and else the middle of one.
                let (escaped, next) = if at == self.set { (at, end) } else { (end, end + 1) };
                self.write(escaped, escaped, "\\");
                next
            }
            _ => end,
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
        ast::ErrorKind::GroupUnclosed => {
            Some("close the group with `)`, or write `\\(` for the character itself")
        }
        ast::ErrorKind::GroupUnopened => {
            Some("open the group with `(`, or write `\\)` for the character itself")
        }
        ast::ErrorKind::RepetitionMissing => {
            Some("write what is repeated before it, or a backslash for the character itself")
        }
        ast::ErrorKind::RepetitionCountInvalid => Some("the lower number comes first, as in `{2,4}`"),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Expression {
        Expression::parse(text, "{a:...}").unwrap()
    }

    #[test]
    fn braces_are_read_as_python_reads_them() {
        for (text, expected) in [
            ("{b}", r"\{b}"),
            (r"x{2}y{3,}z{,4}", r"x{2}y{3,}z{0,4}"),
            (r"\{b}\p{Greek}\x{7D}", r"\{b}\p{Greek}\x{7D}"),
            ("a{,}b{}", r"a{0,}b\{}"),
            (r"[{2}]{2}", r"[{2}]{2}"),
        ] {
            assert_eq!(with_python_meaning(text), expected);
            parsed(text);
        }
    }

    #[test]
    fn escapes_and_sets_are_read_as_python_reads_them() {
        for (text, expected) in [
            (r"x\Z", r"x\z"),
            (r"\<a\>[\<\b]", r"<a>[<\x08]"),
            ("[a[b]+", r"[a\[b]+"),
            ("[]a[][^]a[]", r"[]a\[][^]a\[]"),
            ("[a&&b~~c]", r"[a&\&b~\~c]"),
            ("[+--][--a]", r"[+-\-][\--a]"),
            (r"[\]a[]\[", r"[\]a\[]\["),
            // These are clearly the parser's.
            ("[[:alpha:]_][[]", r"[[:alpha:]_][\[]"),
            ("[a-z&&[^aeiou]--[]]]+[[]", r"[a-z&&[^aeiou]--[]]]+[\[]"),
        ] {
            assert_eq!(with_python_meaning(text), expected);
            parsed(text);
        }
    }

    #[test]
    fn a_run_is_known_for_what_it_is() {
        let counts = |text: &str| parsed(text).char_run().map(|run| (run.min, run.max));
        assert_eq!(counts(r"\d+"), Some((1, None)));
        assert_eq!(counts(".*"), Some((0, None)));
        assert_eq!(counts("[a-z]{2,8}"), Some((2, Some(8))));
        assert_eq!(counts(r"\w{4}?"), Some((4, Some(4))));
        assert_eq!(counts("[a-z]"), Some((1, Some(1))));
        for text in [r"\d+?", "ab", r"\d+x", "(a)+", "ab|c", "", r"\b[a-z]+"] {
            assert_eq!(counts(text), None, "{text}");
        }
    }

    #[test]
    fn a_slash_that_may_match_is_found() {
        for (text, expected) in
            [(".", true), (r"\W", true), ("a/b", true), ("[^/]+", false), (r"\w+|-", false)]
        {
            assert_eq!(parsed(text).may_contain_slash(), expected, "{text}");
        }
    }
}
