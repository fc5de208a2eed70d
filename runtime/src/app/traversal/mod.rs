//! Traversal: a path leads through a tree of resources to a context (Pyramid's narrative chapter "Traversal").

pub(crate) mod resource;
#[allow(dead_code, reason = "the router is about to ask for roots")]
pub(crate) mod root;

pub use resource::{Cast, Child, Getitem, Interface, Resource};
pub use root::{AsFuture, AsResult, AsRoot, IntoRoot, RootFactory, RootFuture};
