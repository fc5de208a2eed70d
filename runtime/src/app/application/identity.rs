//! Who the client is and what it may, as the application's policy says.

use http::{HeaderName, HeaderValue};

use super::RequestExt;
use crate::app::extract::{FromRequest, Need};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::security::{AuthenticatedUserid, Identity, Permits};
use crate::app::traversal::Located;
use crate::error::{Error, Result};

/// What the application's [`SecurityPolicy`](crate::security::SecurityPolicy) says of the client. Without one nobody is known, and
/// everything is permitted.
impl Request {
    /// Who the client is, in the policy's own [type](crate::security::SecurityPolicy::Identity); `None` where it is nobody in
    /// particular. Pyramid's `request.identity`.
    ///
    /// # Errors
    /// What the policy fails with, and where its identities are no `T`.
    pub async fn identity<T: Clone + Send + Sync + 'static>(&self) -> Result<Option<T>> {
        let Some(policy) = &self.application().policy else { return Ok(None) };
        let identity = policy.identity(self).await?;
        identity.downcast::<Option<T>>().map(|identity| *identity).map_err(|_| {
            Error::msg(format!("the policy's identities are no `{}`", std::any::type_name::<T>()))
        })
    }

    /// The user that the client is; `None` where it is nobody in particular.
    ///
    /// # Errors
    /// What the policy fails with.
    pub async fn authenticated_userid(&self) -> Result<Option<String>> {
        match &self.application().policy {
            Some(policy) => policy.authenticated_userid(self).await,
            None => Ok(None),
        }
    }

    /// Whether the client is a user.
    ///
    /// # Errors
    /// What the policy fails with.
    pub async fn is_authenticated(&self) -> Result<bool> {
        Ok(self.authenticated_userid().await?.is_some())
    }

    /// Whether the client may do what `permission` names: with `context`, or, without one, with that of the request.
    ///
    /// # Errors
    /// What the policy fails with.
    pub async fn has_permission(&self, permission: &str, context: Option<&Located>) -> Result<Permits> {
        let Some(policy) = &self.application().policy else {
            return Ok(Permits::allowed("there is no security policy"));
        };
        let own = if context.is_none() { self.context() } else { None };
        policy.permits(self, context.or(own.as_ref()), permission).await
    }

    /// The headers that make the client be remembered as `userid`; to be put on the response.
    ///
    /// # Errors
    /// What the policy fails with.
    pub async fn remember(&self, userid: &str) -> Result<Vec<(HeaderName, HeaderValue)>> {
        match &self.application().policy {
            Some(policy) => policy.remember(self, userid).await,
            None => Ok(Vec::new()),
        }
    }

    /// The headers that make the client be forgotten; to be put on the response.
    ///
    /// # Errors
    /// What the policy fails with.
    pub async fn forget(&self) -> Result<Vec<(HeaderName, HeaderValue)>> {
        match &self.application().policy {
            Some(policy) => policy.forget(self).await,
            None => Ok(Vec::new()),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> FromRequest for Identity<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        request.identity().await?.map(Self).ok_or_else(nobody)
    }

    fn need() -> Option<Need> {
        Some(Need::identity::<T>())
    }
}

#[diagnostic::do_not_recommend]
impl FromRequest for AuthenticatedUserid {
    async fn from_request(request: &Request) -> Result<Self> {
        request.authenticated_userid().await?.map(Self).ok_or_else(nobody)
    }

    fn need() -> Option<Need> {
        Some(Need::Policy)
    }
}

/// Not 401: that would have to name a scheme (RFC 9110 section 15.5.2), which only the policy knows. The forbidden view can.
fn nobody() -> Error {
    HttpException::forbidden().into()
}
