//! A policy of any type.

use std::any::Any;
use std::pin::Pin;

use http::{HeaderName, HeaderValue};

use super::policy::{Permits, SecurityPolicy};
use crate::app::extract::Need;
use crate::app::request::Request;
use crate::app::settings::Settings;
use crate::app::traversal::Located;
use crate::app::type_key::TypeKey;
use crate::error::Result;

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Headers that are to be added to a response: by [`Response::with_headers`](crate::Response::with_headers).
pub type Headers = Vec<(HeaderName, HeaderValue)>;

/// What a [`SecurityPolicy`] is, whatever its identities are.
pub(crate) trait ErasedPolicy: Send + Sync {
    /// The policy's own type of identities.
    fn identity_type(&self) -> TypeKey;
    /// The identity, as an `Option` of the policy's own type.
    fn identity<'a>(&'a self, request: &'a Request) -> Answer<'a, Box<dyn Any + Send>>;
    fn authenticated_userid<'a>(&'a self, request: &'a Request) -> Answer<'a, Option<String>>;
    fn permits<'a>(
        &'a self,
        request: &'a Request,
        context: Option<&'a Located>,
        permission: &'a str,
    ) -> Answer<'a, Permits>;
    fn effective_principals<'a>(&'a self, request: &'a Request) -> Answer<'a, Vec<String>>;
    fn remember<'a>(&'a self, request: &'a Request, userid: &'a str) -> Answer<'a, Headers>;
    fn forget<'a>(&'a self, request: &'a Request) -> Answer<'a, Headers>;
    fn prepare(&mut self, settings: &Settings) -> Result<()>;
    fn need(&self) -> Option<Need>;
}

impl<P: SecurityPolicy> ErasedPolicy for P {
    fn identity_type(&self) -> TypeKey {
        TypeKey::of::<P::Identity>()
    }

    fn identity<'a>(&'a self, request: &'a Request) -> Answer<'a, Box<dyn Any + Send>> {
        Box::pin(async move {
            let identity = SecurityPolicy::identity(self, request).await?;
            Ok(Box::new(identity) as Box<dyn Any + Send>)
        })
    }

    fn authenticated_userid<'a>(&'a self, request: &'a Request) -> Answer<'a, Option<String>> {
        Box::pin(SecurityPolicy::authenticated_userid(self, request))
    }

    fn permits<'a>(
        &'a self,
        request: &'a Request,
        context: Option<&'a Located>,
        permission: &'a str,
    ) -> Answer<'a, Permits> {
        Box::pin(SecurityPolicy::permits(self, request, context, permission))
    }

    fn effective_principals<'a>(&'a self, request: &'a Request) -> Answer<'a, Vec<String>> {
        Box::pin(SecurityPolicy::effective_principals(self, request))
    }

    fn remember<'a>(&'a self, request: &'a Request, userid: &'a str) -> Answer<'a, Headers> {
        Box::pin(SecurityPolicy::remember(self, request, userid))
    }

    fn forget<'a>(&'a self, request: &'a Request) -> Answer<'a, Headers> {
        Box::pin(SecurityPolicy::forget(self, request))
    }

    fn prepare(&mut self, settings: &Settings) -> Result<()> {
        SecurityPolicy::prepare(self, settings)
    }

    fn need(&self) -> Option<Need> {
        SecurityPolicy::need(self)
    }
}
