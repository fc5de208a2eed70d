//! What is guarded.

use aiopyramid::prelude::*;
use aiopyramid::security::{Acl, EVERYONE, Headers, HttpBasicCredentials, ResourceAcl};
use aiopyramid::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::people::{Asked, Groups, is_right};

/// The root of the tree: read by everybody, changed by editors.
pub(crate) struct Site;

impl Resource for Site {
    fn acl(&self) -> ResourceAcl<'_> {
        ResourceAcl::Waiting(Box::pin(async {
            tokio::task::yield_now().await;
            Ok(Some(Acl::new().allow(EVERYONE, "view").allow("group:editors", "edit")))
        }))
    }
}

#[view_config(context = Site, permission = "view")]
async fn site() -> &'static str {
    "the site"
}

#[view_config(context = Site, name = "edit", permission = "edit")]
async fn edit(
    Identity(groups): Identity<Groups>,
    user: AuthenticatedUserid,
    request: &Request,
) -> Result<String> {
    let asked = request.extension::<Asked>().unwrap_or_default().0;
    let principals = request.effective_principals().await?.join(" ");
    Ok(format!("{} of {groups:?} is {principals}; asked {asked}", user.0))
}

/// Runs in the executor.
#[view_config(context = Site, name = "print", permission = "edit")]
fn print(user: AuthenticatedUserid) -> String {
    format!("printed for {}", user.0)
}

/// Has no context, so that the list of the application decides.
#[view_config(route = "/report", permission = "report")]
fn report() -> &'static str {
    "the report"
}

#[websocket(route = "/talk", permission = "enter")]
async fn talk(mut ws: WebSocket, user: AuthenticatedUserid) -> Result<()> {
    ws.send(format!("hello, {}", user.0)).await
}

#[view_config(route = "/who")]
async fn who(user: Option<AuthenticatedUserid>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.0)
}

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
}

impl Login {
    /// The name, where the password is right.
    fn checked(self, request: &Request) -> Result<String> {
        let Self { name, password } = self;
        let sent = HttpBasicCredentials { username: name.clone(), password };
        if is_right(sent, request.clone()) {
            Ok(name)
        } else {
            Err(HttpException::unprocessable("a wrong password"))?
        }
    }
}

#[view_config(route = "/login", request_method = "POST")]
async fn login(Form(login): Form<Login>, request: &Request) -> Result<Response> {
    let name = login.checked(request)?;
    Ok(Response::see_other("/who")?.with_headers(request.remember(&name).await?))
}

#[view_config(route = "/login/blocking", request_method = "POST")]
fn login_that_blocks(Form(login): Form<Login>, request: &Request) -> Result<Response> {
    request.log_in(login.checked(request)?);
    Response::see_other("/who")
}

/// Nobody looks at what comes back, since it is raised.
#[view_config(route = "/login/raised", request_method = "POST")]
async fn login_that_is_raised(Form(login): Form<Login>, request: &Request) -> Result<()> {
    let name = login.checked(request)?;
    Err(HttpException::see_other("/who")?.with_headers(request.remember(&name).await?))?
}

/// The headers as a part of the answer.
#[view_config(route = "/logout", request_method = "POST")]
async fn logout(request: &Request) -> Result<(HeaderMap, &'static str)> {
    let forget: Headers = request.forget().await?;
    Ok((forget.into_iter().collect(), "gone"))
}

#[view_config(route = "/logout/blocking", request_method = "POST")]
fn logout_that_blocks(request: &Request) -> &'static str {
    request.log_out();
    "gone"
}

/// Browsers are told to ask, where that is how one says who one is.
#[forbidden_view_config]
async fn forbidden(request: &Request) -> Result<Response> {
    let basic = request.settings().get("guarded.by") == Some("basic");
    let answer = Response::text("not for you");
    if basic && !request.is_authenticated().await? {
        return Ok(answer.with_status(StatusCode::UNAUTHORIZED).with_headers(request.forget().await?));
    }
    Ok(answer.with_status(StatusCode::FORBIDDEN))
}
