//! What the macros share: reading arguments, functions and patterns, and telling what is wrong with them.

pub(crate) mod arguments;
pub(crate) mod enclosure;
pub(crate) mod errors;
pub(crate) mod function;
#[cfg(any(feature = "embed", feature = "templates"))]
pub(crate) mod missing;
pub(crate) mod names;
pub(crate) mod pattern;
pub(crate) mod predicate;
pub(crate) mod suggestion;
#[cfg(feature = "templates")]
pub(crate) mod template;
