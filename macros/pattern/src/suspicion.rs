//! What a pattern says that was hardly meant.

use crate::error::{PatternError, PatternErrorKind};
use crate::pattern::{Pattern, Piece};

pub(crate) fn of(pattern: &Pattern) -> Vec<PatternError> {
    let mut found = Vec::new();
    let source = pattern.as_str();
    if pattern.nameless_rest {
        let trimmed = source.trim_end_matches('*');
        found.push(
            PatternError::new(
                PatternErrorKind::NamelessRest,
                format!("the `*` at the end of `{source}` has no name, so it matches nothing"),
            )
            .with_help(format!("name what it takes: `{trimmed}*rest`")),
        );
    }
    for piece in pattern.pieces() {
        if let Piece::Literal(text) = piece {
            found.extend(in_text(text, source));
        }
    }
    found
}

fn in_text(text: &str, source: &str) -> Vec<PatternError> {
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
                format!("`{}` in `{source}` is text and no placeholder", from_brace(text)),
            )
            .with_help("a placeholder is `{name}` or `{name:regex}`, and its name begins with an ASCII letter or `_`"),
        );
    }
    let escape =
        text.match_indices('%').find_map(|(at, _)| text.get(at..at + 3).filter(|escape| is_escape(escape)));
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

/// The part of `text` from its first brace to the end of that segment.
fn from_brace(text: &str) -> &str {
    let text = text.find(['{', '}']).map_or(text, |at| &text[at..]);
    text.split('/').next().unwrap_or(text)
}

fn is_escape(text: &str) -> bool {
    text.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hardly_meant_is_found() {
        use PatternErrorKind::{LiteralBrace, LiteralEscape, LiteralStar, NamelessRest};
        for (text, expected) in [
            ("/files/*", vec![NamelessRest]),
            ("/*/x", vec![LiteralStar]),
            ("/{1a}", vec![LiteralBrace]),
            ("/{a", vec![LiteralBrace]),
            ("/a%20b", vec![LiteralEscape]),
            ("/100%/{a:.*}/*rest", vec![]),
        ] {
            let pattern = Pattern::parse(text).unwrap();
            let kinds: Vec<_> = pattern.suspicions().iter().map(PatternError::kind).collect();
            assert_eq!(kinds, expected, "{text}");
        }
    }

    #[test]
    fn a_suspicion_says_what_to_write() {
        let found = Pattern::parse("/files/*").unwrap().suspicions();
        assert_eq!(found[0].help(), Some("name what it takes: `/files/*rest`"));
    }
}
