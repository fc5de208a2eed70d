//! Access control lists: what a resource says of who may do what with it.

use std::collections::BTreeSet;
use std::fmt;
use std::pin::Pin;

use super::policy::Permits;
use crate::app::traversal::Located;
use crate::error::{Error, Result};

/// The principal that every client counts as, where a policy says so. Pyramid's `Everyone`.
pub const EVERYONE: &str = "system.Everyone";

/// The principal that every user counts as, where a policy says so. Pyramid's `Authenticated`.
pub const AUTHENTICATED: &str = "system.Authenticated";

/// What an entry does to whoever it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Permits.
    Allow,
    /// Refuses.
    Deny,
}

/// The permissions that an entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PermissionSet {
    /// Every one.
    All,
    /// These.
    Of(Vec<String>),
}

/// Every permission: what an entry may be about.
pub const ALL_PERMISSIONS: PermissionSet = PermissionSet::All;

impl PermissionSet {
    /// Whether `permission` is one of them.
    pub fn contains(&self, permission: &str) -> bool {
        match self {
            Self::All => true,
            Self::Of(permissions) => permissions.iter().any(|known| known == permission),
        }
    }
}

impl From<&str> for PermissionSet {
    fn from(permission: &str) -> Self {
        Self::Of(vec![permission.to_owned()])
    }
}

impl<const COUNT: usize> From<[&str; COUNT]> for PermissionSet {
    fn from(permissions: [&str; COUNT]) -> Self {
        Self::Of(permissions.map(str::to_owned).into())
    }
}

impl From<Vec<String>> for PermissionSet {
    fn from(permissions: Vec<String>) -> Self {
        Self::Of(permissions)
    }
}

/// One entry of a list: who may, or may not, do what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ace {
    /// What it does.
    pub action: Action,
    /// To whom.
    pub principal: String,
    /// About what.
    pub permissions: PermissionSet,
}

/// An access control list: entries of which the first that fits decides. Where none fits, the list of the parent is asked; where no
/// list decides, the answer is no (Pyramid's narrative chapter "Security").
///
/// ```
/// use aiopyramid::security::{ALL_PERMISSIONS, Acl, EVERYONE};
///
/// let acl = Acl::new().allow("group:editors", ["add", "edit"]).allow(EVERYONE, "view").deny(EVERYONE, ALL_PERMISSIONS);
/// assert!(acl.decides(&["group:editors".to_owned()], "edit").is_some_and(|ace| ace.principal == "group:editors"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acl(pub Vec<Ace>);

impl Acl {
    /// An empty one, which decides nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// With an entry that permits.
    #[must_use]
    pub fn allow(self, principal: impl Into<String>, permissions: impl Into<PermissionSet>) -> Self {
        self.with(Action::Allow, principal.into(), permissions.into())
    }

    /// With an entry that refuses.
    #[must_use]
    pub fn deny(self, principal: impl Into<String>, permissions: impl Into<PermissionSet>) -> Self {
        self.with(Action::Deny, principal.into(), permissions.into())
    }

    fn with(mut self, action: Action, principal: String, permissions: PermissionSet) -> Self {
        self.0.push(Ace { action, principal, permissions });
        self
    }

    /// The entry that decides whether a client that counts as `principals` has `permission`; `None` where none does.
    pub fn decides(&self, principals: &[String], permission: &str) -> Option<&Ace> {
        self.0.iter().find(|ace| principals.contains(&ace.principal) && ace.permissions.contains(permission))
    }

    /// Whether a client that counts as `principals` has `permission` by the lists of `context` and its parents. Pyramid's
    /// `ACLHelper.permits`.
    ///
    /// # Errors
    /// What asking a resource for its list fails with.
    pub async fn permits(context: &Located, principals: &[String], permission: &str) -> Result<Permits> {
        Self::new().permits_last(Some(context), principals, permission).await
    }

    /// The same where this list is asked after those of `context` and its parents, and alone where there is no context.
    ///
    /// # Errors
    /// As there.
    pub async fn permits_last(
        &self,
        context: Option<&Located>,
        principals: &[String],
        permission: &str,
    ) -> Result<Permits> {
        let mut found = !self.0.is_empty();
        // Collected, so that nothing of the walk is held while a list is waited for.
        let lineage: Vec<Located> = context.into_iter().flat_map(Located::lineage).collect();
        for resource in lineage {
            let Some(acl) = Self::of(&resource).await? else { continue };
            found = true;
            if let Some(ace) = acl.decides(principals, permission) {
                return Ok(ace.permits(permission, &resource.resource_path(&[])));
            }
        }
        if let Some(ace) = self.decides(principals, permission) {
            return Ok(ace.permits(permission, "the whole application"));
        }
        Ok(Permits::denied(if found {
            "no entry of a list decides: denied by default"
        } else {
            "no resource of the lineage has a list"
        }))
    }

    /// All that have `permission` by the lists of `context` and its parents; where `EVERYONE` is among them, everybody has. For a
    /// search that shows what one may see. Pyramid's `principals_allowed_by_permission`.
    ///
    /// # Errors
    /// What asking a resource for its list fails with.
    pub async fn principals_allowed(context: &Located, permission: &str) -> Result<BTreeSet<String>> {
        let mut allowed = BTreeSet::new();
        let lineage: Vec<Located> = context.lineage().collect();
        for resource in lineage.iter().rev() {
            let Some(acl) = Self::of(resource).await? else { continue };
            let (mut here, mut denied) = (BTreeSet::new(), BTreeSet::new());
            for Ace { action, principal, .. } in
                acl.0.into_iter().filter(|ace| ace.permissions.contains(permission))
            {
                match action {
                    Action::Allow if !denied.contains(&principal) => {
                        here.insert(principal);
                    }
                    Action::Allow => {}
                    // Nothing that comes after this decides on anything.
                    Action::Deny if principal == EVERYONE => {
                        allowed.clear();
                        break;
                    }
                    Action::Deny => {
                        allowed.remove(&principal);
                        denied.insert(principal);
                    }
                }
            }
            allowed.append(&mut here);
        }
        Ok(allowed)
    }

    /// That of a resource.
    async fn of(resource: &Located) -> Result<Option<Self>> {
        match resource.resource().acl() {
            ResourceAcl::None => Ok(None),
            ResourceAcl::Ready(acl) => Ok(Some(acl)),
            ResourceAcl::Waiting(acl) => acl.await,
        }
    }
}

impl Ace {
    /// What comes of it where it decides.
    fn permits(&self, permission: &str, place: &str) -> Permits {
        let reason = format!("{self} on {place} decides on `{permission}`");
        match self.action {
            Action::Allow => Permits::allowed(reason),
            Action::Deny => Permits::denied(reason),
        }
    }
}

impl fmt::Display for Ace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permissions = match &self.permissions {
            PermissionSet::All => "everything".to_owned(),
            PermissionSet::Of(permissions) => permissions.join(", "),
        };
        write!(f, "({:?}, {}, {permissions})", self.action, self.principal)
    }
}

/// What a resource answers when it is asked for its list.
pub enum ResourceAcl<'a> {
    /// It has none; its parent is asked.
    None,
    /// This one.
    Ready(Acl),
    /// It has to be waited for.
    Waiting(Pin<Box<dyn Future<Output = Result<Option<Acl>>> + Send + 'a>>),
}

impl fmt::Debug for ResourceAcl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "ResourceAcl::None",
            Self::Ready(_) => "ResourceAcl::Ready",
            Self::Waiting(_) => "ResourceAcl::Waiting",
        })
    }
}

/// What the `acl` of a [`#[resource]`](macro@crate::resource) may return: a list, an `Option` of one, or a `Result` of either.
#[diagnostic::on_unimplemented(
    message = "`acl` cannot return `{Self}`",
    label = "no access control list",
    note = "return an `Acl`, an `Option<Acl>` where there may be none, or a `Result` of these where asking can fail"
)]
pub trait IntoAcl {
    /// The list, if there is one.
    ///
    /// # Errors
    /// The error that was returned; it ends the request.
    fn into_acl(self) -> Result<Option<Acl>>;
}

impl IntoAcl for Acl {
    fn into_acl(self) -> Result<Option<Acl>> {
        Ok(Some(self))
    }
}

impl IntoAcl for Option<Acl> {
    fn into_acl(self) -> Result<Option<Acl>> {
        Ok(self)
    }
}

impl<E: Into<Error>> IntoAcl for Result<Acl, E> {
    fn into_acl(self) -> Result<Option<Acl>> {
        self.map(Some).map_err(Into::into)
    }
}

impl<E: Into<Error>> IntoAcl for Result<Option<Acl>, E> {
    fn into_acl(self) -> Result<Option<Acl>> {
        self.map_err(Into::into)
    }
}

/// What a plain `acl` comes to.
pub fn acl_found<'a>(found: Result<Option<Acl>>) -> ResourceAcl<'a> {
    match found {
        Ok(None) => ResourceAcl::None,
        Ok(Some(acl)) => ResourceAcl::Ready(acl),
        Err(error) => ResourceAcl::Waiting(Box::pin(std::future::ready(Err(error)))),
    }
}

/// What an `async fn acl` comes to.
pub fn acl_awaited<'a>(found: impl Future<Output = Result<Option<Acl>>> + Send + 'a) -> ResourceAcl<'a> {
    ResourceAcl::Waiting(Box::pin(found))
}
