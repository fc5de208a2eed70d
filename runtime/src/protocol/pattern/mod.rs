//! Patterns at work: a path matched against one, a path made of one.
//!
//! What a pattern *is* says [`aiopyramid_pattern`], for the macros as well. Here a [`Pattern`](aiopyramid_pattern::Pattern)
//! becomes a [`Matcher`], which takes values out of a decoded path, and a [`Generator`], which puts values into one.
//!
//! # Matching without looking back
//!
//! A plain `{name}` holds no slash, so a pattern of such placeholders and a path agree segment by segment, and within a
//! segment one pass from the right finds what Pyramid's greedy expression would find by trying. The usual regular
//! expressions, `\d+` or `[a-z]{2}`, are runs of one set of characters and are counted off. Only what is left goes to the
//! `regex` crate. All of these are linear in the length of the path, whatever a client sends.
//!
//! One thing differs from Pyramid on purpose: its `$` also matches before a line break at the end of a path, ours does not.

mod char_set;
mod field;
mod generator;
mod matched;
mod matcher;
mod segments;
mod values;

pub use aiopyramid_pattern::{Pattern, PatternError, PatternErrorKind, Piece, Placeholder, Specificity};

pub use generator::{GenerateError, Generator, PathValue, PathValues};
pub use matched::Match;
pub use matcher::Matcher;
pub use values::Values;

pub(crate) use segments::{Cuts, Segments};
