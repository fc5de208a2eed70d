//! Who is who: a card in a header. Nothing of it is at hand at once.

use aiopyramid::prelude::*;
use aiopyramid::security::{AUTHENTICATED, Acl, EVERYONE, Permits, SecurityPolicy};

pub(crate) struct Cards;

impl SecurityPolicy for Cards {
    type Identity = String;

    async fn identity(&self, request: &Request) -> Result<Option<String>> {
        tokio::task::yield_now().await;
        Ok(request.header("x-card").map(str::to_owned))
    }

    async fn authenticated_userid(&self, request: &Request) -> Result<Option<String>> {
        self.identity(request).await
    }

    async fn effective_principals(&self, request: &Request) -> Result<Vec<String>> {
        let mut principals = vec![EVERYONE.to_owned()];
        if let Some(user) = self.identity(request).await? {
            principals.push(AUTHENTICATED.to_owned());
            if user == "ann" {
                principals.push("group:editors".to_owned());
            }
            principals.push(user);
        }
        Ok(principals)
    }

    async fn permits(
        &self,
        request: &Request,
        context: Option<&Located>,
        permission: &str,
    ) -> Result<Permits> {
        let Some(context) = context else { return Ok(true.into()) };
        Acl::permits(context, &self.effective_principals(request).await?, permission).await
    }
}

#[view_config(route = "/who", is_authenticated = true)]
async fn who(request: &Request) -> Result<String> {
    Ok(request.identity::<String>().await?.unwrap_or_default())
}

#[view_config(route = "/who")]
async fn nobody() -> &'static str {
    "nobody"
}

#[view_config(route = "/badge")]
async fn badge(Identity(card): Identity<String>, user: AuthenticatedUserid) -> String {
    format!("{card} is {}", user.0)
}

/// Runs in the executor, where nothing can be waited for.
#[view_config(route = "/badge/printed")]
fn printed(card: Identity<String>) -> String {
    format!("printed for {}", card.len())
}

#[view_config(route = "/badge/any")]
async fn any_badge(user: Option<AuthenticatedUserid>) -> String {
    user.map_or_else(|| "no badge".to_owned(), |user| user.0)
}

#[view_config(route = "/desk", effective_principals = "group:editors")]
async fn desk() -> &'static str {
    "the editors' desk"
}

#[forbidden_view_config]
async fn forbidden(request: &Request) -> (aiopyramid::StatusCode, String) {
    (aiopyramid::StatusCode::FORBIDDEN, format!("not for you: {}", request.path()))
}
