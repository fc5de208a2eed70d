//! Who a client is and what it may (Pyramid's narrative chapter "Security").
//!
//! An application has one [`SecurityPolicy`] or none. It is asked only where a view has a `permission`, or a predicate or a view
//! wants to know; without one every view is open, also one that names a permission.

pub(crate) mod acl;
mod acl_policy;
mod authentication;
mod basic;
mod client;
mod erased;
mod lookup;
mod policy;
mod principals;
mod session;
mod ticket;

pub use crate::protocol::cookie::SameSite;
pub use crate::protocol::signing::HashAlgorithm;
pub use acl::{
    ALL_PERMISSIONS, AUTHENTICATED, Ace, Acl, Action, EVERYONE, IntoAcl, PermissionSet, ResourceAcl,
};
pub use acl_policy::{AclPolicy, HasPrincipals};
pub use authentication::Authentication;
pub use basic::{HttpBasicAuthentication, HttpBasicCredentials, extract_http_basic_credentials};
pub use client::{AuthenticatedUserid, Identity};
pub(crate) use erased::ErasedPolicy;
pub use erased::Headers;
pub use lookup::{Lookup, LookupAnswer};
pub use policy::{Permits, SecurityPolicy};
pub(crate) use principals::Principals;
pub use session::SessionAuthenticationHelper;
pub use ticket::{AuthTktCookieHelper, Ticket, TicketUserid};

/// The permission that makes a view open in an application with a default permission.
pub const NO_PERMISSION_REQUIRED: &str = "__no_permission_required__";
