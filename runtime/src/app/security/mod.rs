//! Who a client is and what it may (Pyramid's narrative chapter "Security").
//!
//! An application has one [`SecurityPolicy`] or none. It is asked only where a view has a `permission`, or a predicate or a view
//! wants to know; without one every view is open, also one that names a permission.

pub(crate) mod acl;
mod client;
mod erased;
mod policy;
mod principals;

pub use acl::{
    ALL_PERMISSIONS, AUTHENTICATED, Ace, Acl, Action, EVERYONE, IntoAcl, PermissionSet, ResourceAcl,
};
pub use client::{AuthenticatedUserid, Identity};
pub(crate) use erased::ErasedPolicy;
pub use policy::{Permits, SecurityPolicy};
pub(crate) use principals::Principals;

/// The permission that makes a view open in an application with a default permission.
pub const NO_PERMISSION_REQUIRED: &str = "__no_permission_required__";
