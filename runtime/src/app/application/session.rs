//! The session of a request, as the application's factory has it.

use super::RequestExt;
use crate::app::extract::{FromRequest, Need, RequestProperty};
use crate::app::request::Request;
use crate::app::session::Session;
use crate::error::{Error, Result};

impl Request {
    /// The session of the client, which is looked for when it is first asked for. Views have it as a parameter:
    /// [`Session`](crate::session::Session).
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// #[tween]
    /// async fn count(request: Request, next: Next) -> Result<Response> {
    ///     request.session().await?.update("requests", |count: &mut u32| *count += 1)?;
    ///     next.run(request).await
    /// }
    /// ```
    ///
    /// # Errors
    /// Where the application has no [session factory](crate::Configurator::set_session_factory), and what that fails with.
    pub async fn session(&self) -> Result<Session> {
        self.property().await
    }
}

impl RequestProperty for Session {
    async fn compute(request: &Request) -> Result<Self> {
        let Some(factory) = &request.application().sessions else {
            return Err(Error::msg("a session was asked for, but no session factory is set"));
        };
        let session = factory.load(request).await?;
        let kept = session.clone();
        request.add_last_response_callback(async |request, mut response| {
            let session = kept;
            if session.end()
                && let Some(factory) = &request.application().sessions
            {
                factory.save(&request, &session, &mut response).await?;
            }
            Ok(response)
        });
        Ok(session)
    }
}

#[diagnostic::do_not_recommend]
impl FromRequest for Session {
    async fn from_request(request: &Request) -> Result<Self> {
        request.session().await
    }

    fn need() -> Option<Need> {
        Some(Need::Session)
    }
}
