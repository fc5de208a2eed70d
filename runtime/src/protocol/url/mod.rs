//! The text of URLs: percent-encoding, query strings, the segments of a path.
//!
//! What is escaped where follows Pyramid (`pyramid.encode`, `pyramid.url`), so that a URL made here is the one that it would
//! make. Letters, digits and `_.-~` are never escaped ("unreserved", RFC 3986 section 2.3); escapes are those of the UTF-8
//! bytes, with capital digits.

mod query;
pub(crate) mod words;

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use smallvec::SmallVec;

pub use query::{Query, QueryValue};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~');

/// The text in a pattern. Escaped more than it must be, which no reader of a URL minds.
const LITERAL: &AsciiSet = &UNRESERVED.remove(b'/');

/// `pchar` of RFC 3986 section 3.3.
const SEGMENT: &AsciiSet = &UNRESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

pub(super) const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// `query` and `fragment` of RFC 3986, sections 3.4 and 3.5.
const QUERY: &AsciiSet = &PATH.remove(b'?');

/// The decoded bytes of a path are not UTF-8, so they are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathEncodingError;

impl fmt::Display for PathEncodingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the path is not text in UTF-8")
    }
}

impl std::error::Error for PathEncodingError {}

/// The path of a request target as text. Borrowed where nothing is escaped.
///
/// Every `%XX` is decoded once, `%2F` too, so that it is a separator like any other afterwards; a `%` without two digits and
/// a `+` stay what they are. No dots are resolved and no slashes merged: that is for whoever reads the path.
///
/// # Errors
/// Where the bytes are not UTF-8.
pub fn decode_path(path: &str) -> Result<Cow<'_, str>, PathEncodingError> {
    if !words::contains(path.as_bytes(), b'%') {
        return Ok(Cow::Borrowed(path));
    }
    percent_decode_str(path).decode_utf8().map_err(|_| PathEncodingError)
}

/// The segments of a path: empty ones and `.` are dropped, `..` takes the one before it away, and at the start nothing.
///
/// ```
/// use aiopyramid::url::path_segments;
///
/// assert_eq!(path_segments("/a//b/../c/.").as_slice(), ["a", "c"]);
/// ```
pub fn path_segments(path: &str) -> SmallVec<[&str; 8]> {
    let mut segments = SmallVec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name),
        }
    }
    segments
}

/// Appends the text of a pattern: only `/` and the unreserved characters are kept.
pub(crate) fn push_literal(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, LITERAL));
}

/// Appends a path, or a value that may hold several segments: `/` is kept.
pub(crate) fn push_path(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, PATH));
}

/// A path with what cannot stand in a URL escaped; `/` is kept. What [`decode_path`] undoes.
///
/// ```
/// assert_eq!(aiopyramid::url::encode_path("/a b/ü"), "/a%20b/%C3%BC");
/// ```
pub fn encode_path(path: &str) -> String {
    let mut out = String::new();
    push_path(&mut out, path);
    out
}

/// Appends one segment of a path: `/` is escaped.
pub(crate) fn push_segment(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, SEGMENT));
}

/// Appends a query string that is one already, or a fragment.
pub(crate) fn push_query(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, QUERY));
}

/// Appends a key or a value of a form: everything but the unreserved is escaped, a space becomes `+`.
fn push_form(out: &mut String, text: &str) {
    for (place, word) in text.split(' ').enumerate() {
        if place > 0 {
            out.push('+');
        }
        out.extend(utf8_percent_encode(word, UNRESERVED));
    }
}

/// Pairs as `application/x-www-form-urlencoded`.
///
/// ```
/// use aiopyramid::url::form_urlencoded;
///
/// assert_eq!(form_urlencoded([("q", "a b"), ("é", "1/2")]), "q=a+b&%C3%A9=1%2F2");
/// ```
pub fn form_urlencoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (key, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        push_pair(&mut out, key, value);
    }
    out
}

/// The pairs of a query string; what is not UTF-8 in them is replaced.
pub fn form_pairs(query: &str) -> Vec<(String, String)> {
    serde_html_form::from_str(query).unwrap_or_default()
}

fn push_pair(out: &mut String, key: &str, value: &str) {
    push_form(out, key);
    out.push('=');
    push_form(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_escapes_is_borrowed() {
        assert!(matches!(decode_path("/a+b/é"), Ok(Cow::Borrowed("/a+b/é"))));
    }

    #[test]
    fn escapes_are_decoded_once_and_malformed_ones_stay() {
        assert_eq!(decode_path("/a%2Fb%2525/%zz%4").unwrap(), "/a/b%25/%zz%4");
        assert_eq!(decode_path("/%C3%a9").unwrap(), "/é");
    }

    #[test]
    fn what_is_not_utf8_is_refused() {
        for path in ["/%ff", "/%C0%AF", "/%ED%A0%80", "/%E2%82"] {
            assert_eq!(decode_path(path), Err(PathEncodingError), "{path}");
        }
    }

    #[test]
    fn dots_never_climb_above_the_start() {
        assert_eq!(path_segments("../../a/./..//b").as_slice(), ["b"]);
        assert_eq!(path_segments("").as_slice(), [""; 0]);
        assert_eq!(path_segments(".../.a").as_slice(), ["...", ".a"]);
    }

    #[test]
    fn each_place_keeps_what_may_stand_in_it() {
        let all = " \"#%&'+/:;<=>?@[\\]^`{|}~!$()*,é";
        let quoted = |push: fn(&mut String, &str)| {
            let mut out = String::new();
            push(&mut out, all);
            out
        };
        assert_eq!(
            quoted(push_literal),
            "%20%22%23%25%26%27%2B/%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D~%21%24%28%29%2A%2C%C3%A9"
        );
        assert_eq!(quoted(push_path), "%20%22%23%25&'+/:;%3C=%3E%3F@%5B%5C%5D%5E%60%7B%7C%7D~!$()*,%C3%A9");
        assert_eq!(
            quoted(push_segment),
            "%20%22%23%25&'+%2F:;%3C=%3E%3F@%5B%5C%5D%5E%60%7B%7C%7D~!$()*,%C3%A9"
        );
        assert_eq!(quoted(push_query), "%20%22%23%25&'+/:;%3C=%3E?@%5B%5C%5D%5E%60%7B%7C%7D~!$()*,%C3%A9");
        assert_eq!(
            quoted(push_form),
            "+%22%23%25%26%27%2B%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D~%21%24%28%29%2A%2C%C3%A9"
        );
    }
}
