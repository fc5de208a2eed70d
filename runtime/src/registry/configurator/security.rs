//! Who may do what.

use std::sync::Arc;

use super::Configurator;
use crate::app::security::{ErasedPolicy, SecurityPolicy};

impl Configurator {
    /// Sets the policy that knows who clients are and what they may. Without one every view is open, also one that names a
    /// permission, as in Pyramid. [`AclPolicy`](crate::security::AclPolicy) is ready-made; [`SecurityPolicy`] has an example of one of
    /// one's own.
    #[track_caller]
    pub fn set_security_policy(&mut self, policy: impl SecurityPolicy) -> &mut Self {
        let policy: Arc<dyn ErasedPolicy> = Arc::new(policy);
        self.set_once("the security policy", |config| &mut config.policy, policy);
        self
    }

    /// Sets the permission that every view needs that names none itself. A view with
    /// [`NO_PERMISSION_REQUIRED`](crate::security::NO_PERMISSION_REQUIRED) stays open, and so do exception views.
    #[track_caller]
    pub fn set_default_permission(&mut self, permission: impl Into<String>) -> &mut Self {
        self.set_once("the default permission", |config| &mut config.default_permission, permission.into());
        self
    }
}
