//! The ready-made policy: somebody proves who it is, the application says what that one counts as, and lists decide.

use std::fmt;
use std::sync::Arc;

use super::acl::{AUTHENTICATED, Acl, EVERYONE};
use super::authentication::Authentication;
use super::erased::Headers;
use super::lookup::{Asked, Lookup};
use super::policy::{Permits, SecurityPolicy};
use crate::app::extract::Need;
use crate::app::request::Request;
use crate::app::settings::Settings;
use crate::app::traversal::Located;
use crate::error::Result;

/// What a user counts as besides itself: groups, roles. Ids of users and names of groups are told apart by nothing but how they are
/// written, so `group:editors` is a better name than `editors`, which somebody could be called.
///
/// Lists of texts are their own principals, and `()` has none; a user of one's own, which is the [`Identity`](super::Identity) then,
/// says it:
///
/// ```
/// use aiopyramid::security::HasPrincipals;
///
/// #[derive(Clone)]
/// struct User { name: String, role: String }
///
/// impl HasPrincipals for User {
///     fn principals(&self) -> Vec<String> {
///         vec![format!("role:{}", self.role)]
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "it is not known what a `{Self}` counts as",
    label = "has no principals",
    note = "answer with the names of groups, `Some(vec![\"group:editors\"])`, with `Some(())` where there are none, or implement `HasPrincipals` for the type of your users"
)]
pub trait HasPrincipals: Clone + Send + Sync + 'static {
    /// The names, which [access control lists](Acl) use. `EVERYONE`, `AUTHENTICATED` and the user's id need not be among them.
    fn principals(&self) -> Vec<String>;
}

impl HasPrincipals for () {
    fn principals(&self) -> Vec<String> {
        Vec::new()
    }
}

impl HasPrincipals for Vec<String> {
    fn principals(&self) -> Vec<String> {
        self.clone()
    }
}

impl HasPrincipals for Vec<&'static str> {
    fn principals(&self) -> Vec<String> {
        self.iter().copied().map(str::to_owned).collect()
    }
}

impl<const COUNT: usize> HasPrincipals for [&'static str; COUNT] {
    fn principals(&self) -> Vec<String> {
        self.iter().copied().map(str::to_owned).collect()
    }
}

/// The ready-made policy. `A`, an [`Authentication`], reads from a request which user somebody has proved to be; a function of the
/// application's says who that is, or that there is no such user; [access control lists](Acl) say what it may. Pyramid's
/// `AuthTktAuthenticationPolicy` with its `callback`, and `ACLAuthorizationPolicy`, in one.
///
/// The function is asked once for a request, and only where somebody wants to know who the client is. An `async fn` is awaited; a
/// plain one may block, and runs in the executor. What it answers with is the [`Identity`](super::Identity) of views.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::security::{Acl, AclPolicy, AuthTktCookieHelper};
///
/// async fn groups(userid: String, request: Request) -> Result<Option<Vec<&'static str>>> {
///     Ok(match &*userid {                                       // asks a database, in fact
///         "ann" => Some(vec!["group:editors"]),
///         "bob" => Some(vec![]),
///         _ => None,                                            // no such user any more
///     })
/// }
///
/// #[view_config(route = "/edit", permission = "edit")]
/// async fn edit() -> &'static str {
///     "a form"
/// }
///
/// #[view_config(route = "/login/{name}", request_method = "POST")]
/// async fn login(name: String, request: &Request) -> Result<Response> {
///     // Here the password would be looked at.
///     Ok(Response::see_other("/edit")?.with_headers(request.remember(&name).await?))
/// }
///
/// fn configure(config: &mut Configurator) -> Result<()> {
///     let tickets = AuthTktCookieHelper::new("8c5f2d01b7e94a63a0d1f4c2e6b79835");
///     let policy = AclPolicy::new(tickets, groups).acl(Acl::new().allow("group:editors", "edit"));
///     config.set_security_policy(policy);
///     config.scan_module(module_path!());
///     Ok(())
/// }
/// #
/// # aiopyramid::testing::run_test(configure, |client| async move {
/// #     assert_eq!(client.get("/edit").await.status(), 403);
/// #     client.post("/login/ann").await;
/// #     assert_eq!(client.get("/edit").await.text(), "a form");
/// #     client.post("/login/bob").await;
/// #     assert_eq!(client.get("/edit").await.status(), 403);
/// # });
/// ```
pub struct AclPolicy<A, U> {
    authentication: A,
    find: Asked<String, Option<U>>,
    acl: Acl,
}

impl<A: Authentication, U: HasPrincipals> AclPolicy<A, U> {
    /// Of these two.
    pub fn new<M>(authentication: A, find: impl Lookup<String, M, Value = Option<U>>) -> Self {
        Self { authentication, find: find.into_asked(), acl: Acl::new() }
    }

    /// With a list for the whole application: asked after those of the context and its parents, and where there is no context.
    #[must_use]
    pub fn acl(mut self, acl: Acl) -> Self {
        self.acl = acl;
        self
    }

    /// Who the client is: found out once for a request.
    async fn known(&self, request: &Request) -> Result<Arc<Known<U>>> {
        request.found_once(|| self.find_out(request)).await
    }

    async fn find_out(&self, request: &Request) -> Result<Arc<Known<U>>> {
        let mut principals = vec![EVERYONE.to_owned()];
        let user = match self.authentication.userid(request).await? {
            Some(userid) => (self.find)(userid.clone(), request.clone()).await?.map(|user| (userid, user)),
            None => None,
        };
        if let Some((userid, user)) = &user {
            principals.extend([AUTHENTICATED.to_owned(), userid.clone()]);
            principals.extend(user.principals());
        }
        Ok(Arc::new(Known { user, principals }))
    }
}

/// Who a client is, with its id, and what it counts as.
struct Known<U> {
    user: Option<(String, U)>,
    principals: Vec<String>,
}

impl<A: Authentication, U: HasPrincipals> SecurityPolicy for AclPolicy<A, U> {
    type Identity = U;

    async fn identity(&self, request: &Request) -> Result<Option<U>> {
        Ok(self.known(request).await?.user.as_ref().map(|(_, user)| user.clone()))
    }

    async fn authenticated_userid(&self, request: &Request) -> Result<Option<String>> {
        Ok(self.known(request).await?.user.as_ref().map(|(userid, _)| userid.clone()))
    }

    async fn permits(
        &self,
        request: &Request,
        context: Option<&Located>,
        permission: &str,
    ) -> Result<Permits> {
        let known = self.known(request).await?;
        self.acl.permits_last(context, &known.principals, permission).await
    }

    async fn effective_principals(&self, request: &Request) -> Result<Vec<String>> {
        Ok(self.known(request).await?.principals.clone())
    }

    async fn remember(&self, request: &Request, userid: &str) -> Result<Headers> {
        self.authentication.remember(request, userid).await
    }

    async fn forget(&self, request: &Request) -> Result<Headers> {
        self.authentication.forget(request).await
    }

    fn prepare(&mut self, settings: &Settings) -> Result<()> {
        self.authentication.prepare(settings)
    }

    fn need(&self) -> Option<Need> {
        self.authentication.need()
    }
}

impl<A, U> fmt::Debug for AclPolicy<A, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AclPolicy").field("acl", &self.acl).finish_non_exhaustive()
    }
}
