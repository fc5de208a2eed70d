//! Routes: which of many patterns a path matches, and the URL of one of them.
//!
//! A [`RouteTable`] finds the first route that matches, a [`Reverse`] makes the URL of one. Both work on patterns and know
//! nothing of requests or views; `aiopyramid_pattern` says what a pattern is.

mod declared;
mod edges;
mod reverse;
mod table;
mod tree;

pub use declared::{PlaceholderDeclaration, Route, RouteDeclaration, ToRest, ToSegment};
pub use reverse::{Reverse, UrlBase, UrlError, UrlOptions};
pub use table::RouteTable;
