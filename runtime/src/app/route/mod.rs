//! Routes: which of many patterns a path matches, and the URL of one of them.
//!
//! An application declares its routes with [`#[route]`](macro@crate::route) or in its views, and asks its
//! [request](crate::RequestExt::route_url) for URLs; of what is here it needs [`UrlOptions`] at most. Below that, a
//! [`RouteTable`] finds the first route that matches, and a [`Reverse`] makes the URL of one. Both work on patterns and know
//! nothing of requests or views; [`pattern`](crate::pattern) says what a pattern is.

mod declared;
mod edges;
mod reverse;
mod table;
mod tree;

pub use declared::{PlaceholderDeclaration, Route, RouteDeclaration, ToRest, ToSegment};
#[cfg(feature = "static")]
pub(crate) use reverse::push_query_and_anchor;
pub use reverse::{Reverse, UrlBase, UrlError, UrlOptions};
pub(crate) use reverse::{application_url, push_options};
pub use table::RouteTable;
