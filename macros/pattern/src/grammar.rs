//! The tokens of the language: where a placeholder begins and ends, what a name is.

use std::borrow::Cow;
use std::ops::Range;

/// Whether `c` may stand in a name after its first character.
pub(crate) fn continues_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Whether `c` may be the first of a name in braces or after a colon. What a name starts with decides whether it is one at
/// all, and Pyramid knows ASCII only there.
fn opens_name(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic()
}

/// Whether `name` is an identifier, as Python asks of the name of a group.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
        && characters.all(unicode_ident::is_xid_continue)
}

/// The next `{name}` or `{name:regex}` in `text`, braces included. Within the outer braces there may be others, but none
/// within those.
pub(crate) fn find_placeholder(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(start) = text[from..].find('{').map(|at| from + at) {
        from = start + 1;
        if text[from..].starts_with(opens_name)
            && let Some(length) = closing_brace(&text[from..])
        {
            return Some(start..from + length + 1);
        }
    }
    None
}

/// Where the brace is closed that stands before `text`.
fn closing_brace(text: &str) -> Option<usize> {
    let mut inner = false;
    for (at, byte) in text.bytes().enumerate() {
        match (byte, inner) {
            (b'{', false) => inner = true,
            (b'{', true) => return None,
            (b'}', true) => inner = false,
            (b'}', false) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Rewrites every `:name` as `{name}`, which is how patterns were written before Pyramid 1.0. Only for a text that has no
/// `{name}`: with one, a colon is a colon.
pub(crate) fn modernised(text: &str) -> Cow<'_, str> {
    let mut modern = String::new();
    let mut rest = text;
    while let Some((before, name)) = rest.match_indices(':').find_map(|(at, _)| {
        let after = &rest[at + 1..];
        let length = after.find(|c| !continues_name(c)).unwrap_or(after.len());
        after.starts_with(opens_name).then(|| (&rest[..at], &after[..length]))
    }) {
        modern.extend([before, "{", name, "}"]);
        rest = &rest[before.len() + 1 + name.len()..];
    }
    if modern.is_empty() {
        return Cow::Borrowed(text);
    }
    modern.push_str(rest);
    Cow::Owned(modern)
}

/// Cuts a final `*name` off `text`. The name may be empty.
pub(crate) fn cut_rest(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once('*') {
        Some((before, name)) if name.chars().all(continues_name) => (before, Some(name)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_holds_one_level_of_braces() {
        assert_eq!(find_placeholder(r"/{a:\d{4}}-{b}"), Some(1..10));
        assert_eq!(find_placeholder("/{a:{b{c}}}"), Some(4..10));
        assert_eq!(find_placeholder("/{a"), None);
        assert_eq!(find_placeholder("/{1a}{éa}{}"), None);
    }

    #[test]
    fn an_old_name_ends_where_the_word_ends() {
        assert_eq!(modernised("/:a-:b"), "/{a}-{b}");
        assert_eq!(modernised("::aé"), ":{aé}");
        assert_eq!(modernised("/:1a/x:"), "/:1a/x:");
    }

    #[test]
    fn only_a_word_at_the_end_is_a_rest() {
        assert_eq!(cut_rest("/a*b"), ("/a", Some("b")));
        assert_eq!(cut_rest("/*a*b"), ("/*a", Some("b")));
        assert_eq!(cut_rest("/a*"), ("/a", Some("")));
        assert_eq!(cut_rest("/a*b/c"), ("/a*b/c", None));
    }
}
