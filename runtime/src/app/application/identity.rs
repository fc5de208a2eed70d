//! Who the client is and what it may, as the application's policy says.

use super::RequestExt;
use crate::app::extract::{FromRequest, Need};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::security::{AuthenticatedUserid, EVERYONE, Headers, Identity, Permits};
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

    /// Everything that the client counts as; without a policy [`EVERYONE`]. Pyramid's `effective_principals`.
    ///
    /// # Errors
    /// What the policy fails with.
    pub async fn effective_principals(&self) -> Result<Vec<String>> {
        match &self.application().policy {
            Some(policy) => policy.effective_principals(self).await,
            None => Ok(vec![EVERYONE.to_owned()]),
        }
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

    /// The headers that make the client be remembered as `userid`; to be [put on the response](Response::with_headers). Without a
    /// policy there are none. Pyramid's `remember(request, userid)`.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// #[view_config(route = "/login/{name}", request_method = "POST")]
    /// async fn login(name: String, request: &Request) -> Result<Response> {
    ///     // Here the password would be looked at.
    ///     Ok(Response::see_other("/")?.with_headers(request.remember(&name).await?))
    /// }
    /// ```
    ///
    /// # Errors
    /// What the policy fails with.
    pub async fn remember(&self, userid: &str) -> Result<Headers> {
        match &self.application().policy {
            Some(policy) => policy.remember(self, userid).await,
            None => Ok(Headers::new()),
        }
    }

    /// The headers that make the client be forgotten; to be [put on the response](Response::with_headers). Without a policy there are
    /// none. Pyramid's `forget(request)`.
    ///
    /// # Errors
    /// What the policy fails with.
    pub async fn forget(&self) -> Result<Headers> {
        match &self.application().policy {
            Some(policy) => policy.forget(self).await,
            None => Ok(Headers::new()),
        }
    }

    /// Has the response of this request, whichever it becomes, make the client be remembered as `userid`. The same as
    /// [`remember`](Self::remember) where nothing can be awaited, and where somebody else makes the response: a renderer.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// #[view_config(route = "/login/{name}", request_method = "POST")]
    /// fn login(name: String, request: &Request) -> Result<Response> {
    ///     // Here the password would be looked at: that takes long, so this is a plain function, which runs in the executor.
    ///     request.log_in(name);
    ///     Response::see_other("/")
    /// }
    /// ```
    pub fn log_in(&self, userid: impl Into<String>) {
        let userid = userid.into();
        self.add_async_response_callback(async move |request: Request, response: Response| {
            Ok(response.with_headers(request.remember(&userid).await?))
        });
    }

    /// Has the response of this request, whichever it becomes, make the client be forgotten. To [`forget`](Self::forget) what
    /// [`log_in`](Self::log_in) is to `remember`.
    pub fn log_out(&self) {
        self.add_async_response_callback(async |request: Request, response: Response| {
            Ok(response.with_headers(request.forget().await?))
        });
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
