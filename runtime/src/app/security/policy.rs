//! The policy of an application.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue};

use crate::app::extract::Need;
use crate::app::request::Request;
use crate::app::settings::Settings;
use crate::app::traversal::Located;
use crate::error::Result;

/// Whether something is permitted, with the reason for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permits {
    /// It is.
    Allowed(Cow<'static, str>),
    /// It is not.
    Denied(Cow<'static, str>),
}

impl Permits {
    /// Permitted, with a reason.
    pub fn allowed(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Allowed(reason.into())
    }

    /// Not permitted, with a reason. It goes to the log and not to the client.
    pub fn denied(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Denied(reason.into())
    }

    /// Whether it is permitted.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// The reason.
    pub fn reason(&self) -> &str {
        match self {
            Self::Allowed(reason) | Self::Denied(reason) => reason,
        }
    }
}

impl From<bool> for Permits {
    fn from(allowed: bool) -> Self {
        if allowed { Self::allowed("") } else { Self::denied("") }
    }
}

/// Who a client is, and what it may: one for an application, given to
/// [`set_security_policy`](crate::Configurator::set_security_policy). Pyramid's interface of that name; every method may wait.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::security::{Permits, SecurityPolicy};
/// use aiopyramid::traversal::Located;
///
/// struct Tokens;
///
/// impl SecurityPolicy for Tokens {
///     type Identity = String;
///
///     async fn identity(&self, request: &Request) -> Result<Option<String>> {
///         let known = request.header("authorization") == Some("Bearer 1234");
///         Ok(known.then(|| "ann".to_owned()))
///     }
///
///     async fn authenticated_userid(&self, request: &Request) -> Result<Option<String>> {
///         self.identity(request).await
///     }
///
///     async fn permits(&self, request: &Request, _: Option<&Located>, permission: &str) -> Result<Permits> {
///         Ok((permission == "view" || self.identity(request).await?.is_some()).into())
///     }
/// }
///
/// #[view_config(route = "/diary", permission = "edit")]
/// async fn diary() -> &'static str {
///     "Dear diary,"
/// }
///
/// # let mut config = Configurator::new();
/// config.set_security_policy(Tokens);
/// ```
pub trait SecurityPolicy: Send + Sync + 'static {
    /// What is known of a client.
    type Identity: Clone + Send + Sync + 'static;

    /// Who the client is; `None` where it is nobody in particular.
    ///
    /// # Errors
    /// Where that cannot be found out.
    fn identity(&self, request: &Request) -> impl Future<Output = Result<Option<Self::Identity>>> + Send;

    /// The user that the client is; `None` where it is nobody in particular.
    ///
    /// # Errors
    /// Where that cannot be found out.
    fn authenticated_userid(&self, request: &Request) -> impl Future<Output = Result<Option<String>>> + Send;

    /// Whether the client may do with `context` what `permission` names. There is no context where the route that matched needs
    /// none.
    ///
    /// # Errors
    /// Where that cannot be found out.
    fn permits(
        &self,
        request: &Request,
        context: Option<&Located>,
        permission: &str,
    ) -> impl Future<Output = Result<Permits>> + Send;

    /// Everything that the client counts as, for the predicate `effective_principals` and for
    /// [access control lists](super::Acl): by default [`EVERYONE`](super::EVERYONE), and for a user also
    /// [`AUTHENTICATED`](super::AUTHENTICATED) and its id.
    ///
    /// # Errors
    /// Where that cannot be found out.
    fn effective_principals(&self, request: &Request) -> impl Future<Output = Result<Vec<String>>> + Send {
        async {
            let mut principals = vec![super::EVERYONE.to_owned()];
            if let Some(userid) = self.authenticated_userid(request).await? {
                principals.push(super::AUTHENTICATED.to_owned());
                principals.push(userid);
            }
            Ok(principals)
        }
    }

    /// The headers that make a client be remembered as `userid`. By default none.
    ///
    /// # Errors
    /// Where they cannot be made.
    fn remember(
        &self,
        request: &Request,
        userid: &str,
    ) -> impl Future<Output = Result<Vec<(HeaderName, HeaderValue)>>> + Send {
        let _ = (request, userid);
        async { Ok(Vec::new()) }
    }

    /// The headers that make a client be forgotten. By default none.
    ///
    /// # Errors
    /// Where they cannot be made.
    fn forget(
        &self,
        request: &Request,
    ) -> impl Future<Output = Result<Vec<(HeaderName, HeaderValue)>>> + Send {
        let _ = request;
        async { Ok(Vec::new()) }
    }

    /// Gets ready, once, while the application is made: reads settings, and looks whether all is well.
    ///
    /// # Errors
    /// Where it is not: the application does not start, and says where the policy was set. What follows `\nhelp: ` in the error's text
    /// is shown as what to do about it.
    fn prepare(&mut self, settings: &Settings) -> Result<()> {
        let _ = settings;
        Ok(())
    }

    /// What the application must have for this to work: [`Need::Session`], for instance. That it has not is found at start-up.
    fn need(&self) -> Option<Need> {
        None
    }
}
