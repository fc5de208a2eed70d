//! INI files in Python's dialect: `configparser` as `PasteDeploy` uses it, which is what a `development.ini` of Pyramid's is
//! written in.
//!
//! The dialect: `name = value` or `name: value`, of which the name keeps its case; a line that is indented deeper than its name
//! continues the value; a comment starts with `#` or `;` and has its line to itself; what `[DEFAULT]` says holds in every
//! section; `%(name)s` is another value and `%%` a per cent sign. A section or a name that stands there twice is a mistake.
//!
//! It is read here, and not by a crate, because every line of an answer has to name the line of its cause, and because the
//! crates that there are speak other dialects: they fold the case of names, take `;` for a comment wherever it stands, or know
//! no interpolation.

mod document;
mod interpolation;

pub(crate) use document::{Document, Entry, Section};
pub(crate) use interpolation::{Interpolation, expand};
