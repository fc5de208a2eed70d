//! What a client counts as, found out once for a request.

use std::sync::Arc;

/// What a client counts as. Kept on the request, so that predicates, which cannot wait, find it there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Principals(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    authenticated: bool,
    principals: Vec<String>,
}

impl Principals {
    pub(crate) fn new(authenticated: bool, principals: Vec<String>) -> Self {
        Self(Arc::new(Known { authenticated, principals }))
    }

    /// Whether it is a user.
    pub(crate) fn is_authenticated(&self) -> bool {
        self.0.authenticated
    }

    /// Whether it counts as `principal`.
    pub(crate) fn contains(&self, principal: &str) -> bool {
        self.0.principals.iter().any(|known| known == principal)
    }
}
