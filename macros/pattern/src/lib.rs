//! The language of route patterns.
//!
//! One parser serves the attribute macros, which refuse a bad pattern while a program is compiled, and the run time, which
//! makes matchers and URLs of the good ones. It does neither itself: it says what a pattern *is*.
//!
//! The language is Pyramid's (its chapter "URL Dispatch", "Route Pattern Syntax"):
//!
//! | in the pattern | matches |
//! |---|---|
//! | `{name}` | one character or more, none of them `/` |
//! | `{name:regex}` | what the regular expression matches; it may hold one level of braces, as in `{year:\d{4}}` |
//! | `*name`, at the very end | the rest of the path, slashes and all, but no line break |
//! | `:name`, where the pattern has no `{name}` | the old way to write `{name}` |
//! | anything else | itself, compared with the *decoded* path |
//!
//! A leading `/` is added where it is missing. Nothing is implied at the end: `/a` and `/a/` are two patterns.
//!
//! Regular expressions are in the dialect of the `regex` crate, which is nearly Python's without look-around and
//! back-references; that is what keeps a match linear in the length of the path. Where both would take an expression and mean
//! different things by it, Python's meaning counts: `\<` is the character, `[a&&b]` and `[a[b]` are sets of characters, and a
//! brace that counts nothing is text. Global flags inside a pattern (`(?i)x`) are refused, as Python does; `(?i:x)` is the way
//! to write them.
//!
//! ```
//! use aiopyramid_pattern::Pattern;
//!
//! let pattern = Pattern::parse(r"/archive/{year:\d{4}}/*path")?;
//! assert_eq!(pattern.placeholders().collect::<Vec<_>>(), ["year", "path"]);
//! assert!(pattern.overlaps(&Pattern::parse("/archive/{name}/index")?));
//! assert!(!pattern.overlaps(&Pattern::parse("/archive/latest/index")?));
//!
//! let error = Pattern::parse("/{a}/{a}").unwrap_err();
//! assert_eq!(error.to_string(), "the name `a` stands twice in `/{a}/{a}`");
//! # Ok::<(), aiopyramid_pattern::PatternError>(())
//! ```
//!
//! # Pyramid's silent readings
//!
//! Pyramid takes whatever does not look like a placeholder as text, and drops a final `*` without a name. [`Pattern::parse`]
//! does the same, so that patterns from data mean here what they mean there. Such readings are hardly ever meant, so
//! [`Pattern::suspicions`] lists them; the attribute macros turn them into errors.

mod error;
mod expression;
mod grammar;
mod language;
mod names;
mod pattern;
mod placeholder;
mod segment;
mod specificity;
mod suspicion;

pub use error::{PatternError, PatternErrorKind};
pub use expression::CharRun;
pub use pattern::{Pattern, Piece, prefixed};
pub use placeholder::Placeholder;
pub use segment::{Segment, SegmentPiece};
pub use specificity::Specificity;
