//! A piece of the path as a value.

use std::fmt;
use std::str::FromStr;

use crate::app::request::Request;
use crate::error::Result;

/// A value that a placeholder's text can be parsed into: everything with [`FromStr`].
///
/// A text that does not parse is not a match: the next view is tried, and where there is none the answer is 404.
#[diagnostic::on_unimplemented(
    message = "a segment of the path cannot be parsed into `{Self}`",
    label = "this parameter takes a placeholder of the route, so its type must be parsed from text",
    note = "implement `std::str::FromStr` for it, or take a `String`"
)]
pub trait FromSegment: Sized {
    /// Parses a segment; `None` where the text is not such a value.
    fn from_segment(text: &str) -> Option<Self>;

    /// The value of the placeholder at `index` in the pattern; what a parameter expands to.
    ///
    /// # Errors
    /// Where it does not parse, which makes the router look for another view.
    #[doc(hidden)]
    fn take(request: &Request, index: usize) -> Result<Self> {
        let text = request.matched().and_then(|matched| matched.value(index, request.path()));
        text.and_then(Self::from_segment).ok_or_else(|| Mismatch.into())
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromStr> FromSegment for T {
    fn from_segment(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A value made of what a final `*name` took: the rest of the path, text by text.
#[diagnostic::on_unimplemented(
    message = "the rest of a path cannot be a `{Self}`",
    label = "this parameter takes the final `*` of the route",
    note = "take a `Vec<String>` (one text for each segment) or a `String`"
)]
pub trait FromRest: Sized {
    /// Makes the value of the segments.
    fn from_rest<'a>(segments: impl Iterator<Item = &'a str>) -> Self;

    /// The value of the final `*name`; what a parameter expands to.
    ///
    /// # Errors
    /// Where no route matched.
    #[doc(hidden)]
    fn take(request: &Request) -> Result<Self> {
        let matched = request.matched().ok_or(Mismatch)?;
        Ok(Self::from_rest(matched.rest(request.path())))
    }
}

impl FromRest for Vec<String> {
    fn from_rest<'a>(segments: impl Iterator<Item = &'a str>) -> Self {
        segments.map(str::to_owned).collect()
    }
}

impl FromRest for String {
    fn from_rest<'a>(segments: impl Iterator<Item = &'a str>) -> Self {
        segments.collect::<Vec<_>>().join("/")
    }
}

/// This view is not the one after all: a segment of the path is no value of its parameter's type.
#[derive(Debug)]
pub(crate) struct Mismatch;

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a segment of the path does not parse as the view wants it")
    }
}

impl std::error::Error for Mismatch {}
