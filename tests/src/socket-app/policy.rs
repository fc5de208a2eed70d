//! Who may enter: whoever has a ticket.

use aiopyramid::prelude::*;
use aiopyramid::security::{Permits, SecurityPolicy};

pub(crate) struct Doorman;

impl SecurityPolicy for Doorman {
    type Identity = String;

    async fn identity(&self, request: &Request) -> Result<Option<String>> {
        Ok(request.header("x-ticket").map(str::to_owned))
    }

    async fn authenticated_userid(&self, request: &Request) -> Result<Option<String>> {
        self.identity(request).await
    }

    async fn permits(&self, request: &Request, _: Option<&Located>, _: &str) -> Result<Permits> {
        Ok(request.header("x-ticket").is_some().into())
    }
}
