//! Conditional requests and ranges (RFC 9110, sections 13 and 14): what a request wants of something that has validators.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{
    IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, LAST_MODIFIED, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// What tells one state of a thing from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Validators {
    /// A strong one, with its quotes.
    pub(crate) etag: HeaderValue,
    /// In whole seconds, since that is what a header can say.
    pub(crate) modified: Option<SystemTime>,
}

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// The thing is wanted.
    Holds,
    /// The client has it: 304.
    NotModified,
    /// The client wants another state of it: 412.
    Failed,
}

/// The part of a thing that a request wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// The bytes from the first to the last of these, inclusive: 206.
    Part(u64, u64),
    /// None that there is: 416.
    Beyond,
}

impl Validators {
    /// Whose time of modification is rounded down to what a header can say.
    pub(crate) fn new(etag: HeaderValue, modified: Option<SystemTime>) -> Self {
        let seconds = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self { etag, modified: seconds.map(|past| UNIX_EPOCH + Duration::from_secs(past.as_secs())) }
    }

    /// The value of `Last-Modified`.
    pub(crate) fn last_modified(&self) -> Option<(HeaderName, HeaderValue)> {
        let text = httpdate::fmt_http_date(self.modified?);
        Some((LAST_MODIFIED, HeaderValue::from_str(&text).ok()?))
    }

    /// What the conditions of a GET or HEAD request come to, in the order of section 13.2.2.
    pub(crate) fn condition(&self, headers: &HeaderMap) -> Condition {
        if headers.contains_key(IF_MATCH) {
            if !self.is_among(headers, &IF_MATCH, Comparison::Strong) {
                return Condition::Failed;
            }
        } else if let (Some(limit), Some(modified)) = (date(headers, &IF_UNMODIFIED_SINCE), self.modified)
            && modified > limit
        {
            return Condition::Failed;
        }
        if headers.contains_key(IF_NONE_MATCH) {
            if self.is_among(headers, &IF_NONE_MATCH, Comparison::Weak) {
                return Condition::NotModified;
            }
        } else if let (Some(limit), Some(modified)) = (date(headers, &IF_MODIFIED_SINCE), self.modified)
            && modified <= limit
        {
            return Condition::NotModified;
        }
        Condition::Holds
    }

    /// The part of `length` bytes that is wanted. What cannot be read, or asks for several parts, is as if it were not there,
    /// and so is a range of another state (`If-Range`): answering it would glue two files together.
    pub(crate) fn extent(&self, headers: &HeaderMap, length: u64) -> Extent {
        let Some(range) = headers.get(RANGE).and_then(|range| range.to_str().ok()) else {
            return Extent::Whole;
        };
        if let Some(condition) = headers.get(IF_RANGE)
            && *condition != self.etag
            && (self.modified.is_none() || date(headers, &IF_RANGE) != self.modified)
        {
            return Extent::Whole;
        }
        parse_range(range, length).unwrap_or(Extent::Whole)
    }

    fn is_among(&self, headers: &HeaderMap, name: &HeaderName, comparison: Comparison) -> bool {
        let own = self.etag.as_bytes();
        headers.get_all(name).iter().any(|list| {
            let list = list.as_bytes().trim_ascii();
            list == b"*"
                || tags(list).any(|(weak, tag)| tag == own && (comparison == Comparison::Weak || !weak))
        })
    }
}

/// How tags are compared (section 8.8.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

/// The entity tags of a list, with their quotes, each with whether it is a weak one. Ends at the first thing that is none.
fn tags(list: &[u8]) -> impl Iterator<Item = (bool, &[u8])> {
    let mut rest = list;
    std::iter::from_fn(move || {
        while let [b',' | b' ' | b'\t', later @ ..] = rest {
            rest = later;
        }
        let (weak, tag) = match rest {
            [b'W', b'/', tag @ ..] => (true, tag),
            tag => (false, tag),
        };
        let [b'"', inner @ ..] = tag else { return None };
        // A comma may stand inside the quotes, so the list cannot be split at commas.
        let end = inner.iter().position(|byte| *byte == b'"')? + 2;
        let (tag, later) = tag.split_at(end);
        rest = later;
        Some((weak, tag))
    })
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

/// `bytes=0-99`, `bytes=100-`, `bytes=-100`; `None` for anything else.
fn parse_range(range: &str, length: u64) -> Option<Extent> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let part = match (first, last) {
        ("", count) => {
            let count = number(count)?.min(length);
            (length - count, length.checked_sub(1).filter(|_| count > 0))
        }
        (first, "") => (number(first)?, length.checked_sub(1)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, length.checked_sub(1).map(|end| last.min(end)))
        }
    };
    Some(match part {
        (first, Some(last)) if first <= last => Extent::Part(first, last),
        _ => Extent::Beyond,
    })
}

/// Digits alone: `parse` would take a sign too. What is too large for a number is larger than any file.
fn number(digits: &str) -> Option<u64> {
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

    fn validators() -> Validators {
        let modified = httpdate::parse_http_date(DATE).unwrap() + Duration::from_millis(700);
        Validators::new(HeaderValue::from_static("\"a,b\""), Some(modified))
    }

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn conditions_come_to_what_the_standard_says() {
        for (pairs, expected) in [
            (&[][..], Condition::Holds),
            (&[(IF_NONE_MATCH, "\"a,b\"")], Condition::NotModified),
            (&[(IF_NONE_MATCH, "\"x\", W/\"a,b\"")], Condition::NotModified),
            (&[(IF_NONE_MATCH, "*")], Condition::NotModified),
            (&[(IF_NONE_MATCH, "\"a\", \"b\"")], Condition::Holds),
            (&[(IF_NONE_MATCH, "a,b")], Condition::Holds),
            (&[(IF_MODIFIED_SINCE, DATE)], Condition::NotModified),
            (&[(IF_MODIFIED_SINCE, BEFORE)], Condition::Holds),
            (&[(IF_MODIFIED_SINCE, "yesterday")], Condition::Holds),
            // The tag counts, and the date next to it does not.
            (&[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, DATE)], Condition::Holds),
            (&[(IF_MATCH, "\"a,b\"")], Condition::Holds),
            (&[(IF_MATCH, "W/\"a,b\"")], Condition::Failed),
            (&[(IF_MATCH, "\"x\"")], Condition::Failed),
            (&[(IF_UNMODIFIED_SINCE, BEFORE)], Condition::Failed),
            (&[(IF_UNMODIFIED_SINCE, DATE)], Condition::Holds),
        ] {
            assert_eq!(validators().condition(&headers(pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn one_range_is_cut_to_what_there_is() {
        for (range, expected) in [
            ("bytes=0-0", Extent::Part(0, 0)),
            ("bytes=2-", Extent::Part(2, 9)),
            ("bytes=-3", Extent::Part(7, 9)),
            ("bytes=-99", Extent::Part(0, 9)),
            ("bytes=5-99999999999999999999", Extent::Part(5, 9)),
            ("BYTES=1-2", Extent::Part(1, 2)),
            ("bytes=10-", Extent::Beyond),
            ("bytes=-0", Extent::Beyond),
            ("bytes=5-4", Extent::Whole),
            ("bytes=+1-2", Extent::Whole),
            ("bytes=a-b", Extent::Whole),
            ("bytes=0-1,4-5", Extent::Whole),
            ("lines=0-1", Extent::Whole),
            ("bytes", Extent::Whole),
        ] {
            assert_eq!(validators().extent(&headers(&[(RANGE, range)]), 10), expected, "{range}");
        }
        assert_eq!(validators().extent(&headers(&[(RANGE, "bytes=0-")]), 0), Extent::Beyond);
    }

    #[test]
    fn a_range_of_another_state_is_not_answered() {
        for (condition, expected) in [
            ("\"a,b\"", Extent::Part(1, 2)),
            ("W/\"a,b\"", Extent::Whole),
            ("\"x\"", Extent::Whole),
            (DATE, Extent::Part(1, 2)),
            (BEFORE, Extent::Whole),
        ] {
            let headers = headers(&[(RANGE, "bytes=1-2"), (IF_RANGE, condition)]);
            assert_eq!(validators().extent(&headers, 10), expected, "{condition}");
        }
    }
}
