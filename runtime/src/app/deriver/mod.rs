//! What stands around a view, outermost first as in Pyramid: what a request must be (which is asked before a view is called),
//! the permission, the CSRF token, `http_cache`, decorators; then the renderer and the view itself.
//!
//! Each is put around a view once, at start-up, and only where the view asks for it.

mod csrf;

use std::sync::Arc;

use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::security::{ErasedPolicy, NO_PERMISSION_REQUIRED};
use crate::app::view::{HttpCache, View, ViewDecorator};
use crate::error::Result;

/// What a view asks for.
pub(crate) struct Derivation<'a> {
    /// The view, for messages.
    pub(crate) name: &'a str,
    pub(crate) policy: Option<&'a Arc<dyn ErasedPolicy>>,
    pub(crate) permission: Option<&'a str>,
    pub(crate) requires_csrf: bool,
    /// Whether its template asks for the token that is in the session.
    pub(crate) shows_token: bool,
    pub(crate) http_cache: Option<HttpCache>,
    /// Outermost first.
    pub(crate) decorators: &'a [ViewDecorator],
}

impl Derivation<'_> {
    /// The view with everything around it.
    pub(crate) fn around(&self, view: View) -> View {
        let view = if self.shows_token { csrf::with_session(view) } else { view };
        let decorated = self.decorators.iter().rev().fold(view, |view, decorator| decorator(view));
        let cached = match self.http_cache {
            Some(cache) => cached(decorated, cache),
            None => decorated,
        };
        let checked = if self.requires_csrf { csrf::checked(cached) } else { cached };
        match (self.policy, self.permission) {
            (Some(policy), Some(permission)) if permission != NO_PERMISSION_REQUIRED => {
                secured(checked, Arc::clone(policy), permission, self.name)
            }
            _ => checked,
        }
    }
}

fn cached(view: View, cache: HttpCache) -> View {
    View::new(move |request| {
        let answer = view.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            cache.apply(&mut response);
            Ok(response)
        })
    })
}

fn secured(view: View, policy: Arc<dyn ErasedPolicy>, permission: &str, name: &str) -> View {
    let guard = Arc::new(Guard { view, policy, permission: permission.into(), name: name.into() });
    View::new(move |request| {
        let guard = Arc::clone(&guard);
        Box::pin(async move {
            guard.check(&request).await?;
            guard.view.call(request).await
        })
    })
}

struct Guard {
    view: View,
    policy: Arc<dyn ErasedPolicy>,
    permission: Box<str>,
    name: Box<str>,
}

impl Guard {
    async fn check(&self, request: &Request) -> Result<()> {
        let context = request.context();
        let permits = self.policy.permits(request, context.as_ref(), &self.permission).await?;
        if permits.is_allowed() {
            return Ok(());
        }
        let (view, permission) = (&*self.name, &*self.permission);
        tracing::debug!(view, permission, reason = permits.reason(), "a client is not permitted");
        Err(HttpException::forbidden().into())
    }
}
