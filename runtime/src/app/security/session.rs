//! Who somebody is, in the session.

use serde_json::Value;

use super::authentication::Authentication;
use super::erased::Headers;
use crate::app::extract::Need;
use crate::app::request::Request;
use crate::app::session::Session;
use crate::error::Result;

/// Notes in the [session](crate::session::Session) who somebody is, as one half of an [`AclPolicy`](super::AclPolicy). Pyramid's class of
/// that name. How long that holds, and whether it can be taken back, is a matter of the session factory: one that keeps sessions on
/// the server can end them.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::security::{AclPolicy, SessionAuthenticationHelper};
/// use aiopyramid::session::SignedCookieSessionFactory;
///
/// #[view_config(route = "/login/{name}", request_method = "POST")]
/// async fn login(name: String, request: &Request) -> Result<Response> {
///     // Here the password would be looked at.
///     Ok(Response::see_other("/whoami")?.with_headers(request.remember(&name).await?))
/// }
///
/// #[view_config(route = "/whoami")]
/// async fn whoami(user: AuthenticatedUserid) -> String {
///     user.0
/// }
///
/// fn configure(config: &mut Configurator) -> Result<()> {
///     config.set_session_factory(SignedCookieSessionFactory::new("8c5f2d01b7e94a63a0d1f4c2e6b79835"));
///     config.set_security_policy(AclPolicy::new(SessionAuthenticationHelper::new(), |_, _| Some(())));
///     config.scan_module(module_path!());
///     Ok(())
/// }
/// #
/// # aiopyramid::testing::run_test(configure, |client| async move {
/// #     assert_eq!(client.get("/whoami").await.status(), 403);
/// #     client.post("/login/ann").await;
/// #     assert_eq!(client.get("/whoami").await.text(), "ann");
/// # });
/// ```
///
/// A session that somebody logs in with is [ended](crate::session::Session::invalidate) and begun again with the same values and a new
/// [token](crate::session::Session::get_csrf_token), so that one that was foisted on somebody before is of no use. That there is no
/// session factory is found at start-up.
#[derive(Debug, Clone)]
pub struct SessionAuthenticationHelper {
    key: String,
}

impl SessionAuthenticationHelper {
    /// With the name that Pyramid notes users under, `auth.userid`.
    pub fn new() -> Self {
        Self::with_prefix("auth.")
    }

    /// With another one: `userid` behind `prefix`.
    pub fn with_prefix(prefix: &str) -> Self {
        Self { key: format!("{prefix}userid") }
    }
}

impl Default for SessionAuthenticationHelper {
    fn default() -> Self {
        Self::new()
    }
}

impl Authentication for SessionAuthenticationHelper {
    async fn userid(&self, request: &Request) -> Result<Option<String>> {
        // A Pyramid application may have noted a number.
        Ok(match request.property::<Session>().await?.get(&self.key)? {
            Some(Value::String(text)) => Some(text),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        })
    }

    async fn remember(&self, request: &Request, userid: &str) -> Result<Headers> {
        let session = request.property::<Session>().await?;
        let mut kept = Vec::new();
        for key in session.keys() {
            if let Some(value) = session.get::<Value>(&key)? {
                kept.push((key, value));
            }
        }
        session.invalidate();
        for (key, value) in kept {
            session.insert(key, &value)?;
        }
        if session.csrf_token().is_some() {
            session.new_csrf_token()?;
        }
        session.insert(self.key.clone(), userid)?;
        Ok(Headers::new())
    }

    async fn forget(&self, request: &Request) -> Result<Headers> {
        request.property::<Session>().await?.remove(&self.key);
        Ok(Headers::new())
    }

    fn need(&self) -> Option<Need> {
        Some(Need::Session)
    }
}
