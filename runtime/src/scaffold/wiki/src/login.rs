//! Who comes in, who goes out, and who is turned away.

use aiopyramid::prelude::*;
use aiopyramid::route::UrlOptions;
use aiopyramid::{StatusCode, Template, TemplateContext, template};
use serde::{Deserialize, Serialize};

use crate::password;
use crate::store::Store;
use crate::views::{Site, ViewWiki};

#[route("/login")]
struct Login;

#[route("/logout")]
struct Logout;

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
struct LoginContext {
    /// Where to go on.
    next: String,
    login: String,
    is_wrong: bool,
}

static LOGIN: Template<LoginContext> = template!("templates/login.jinja2");

/// Where somebody wants to be who has logged in.
#[derive(Deserialize)]
struct Next {
    next: Option<String>,
}

#[view_config(
    route = Login,
    request_method = "GET",
    renderer = "templates/login.jinja2"
)]
async fn show_login(Query(Next { next }): Query<Next>, request: &Request) -> Result<LoginContext> {
    Ok(LoginContext {
        next: here(next, request)?,
        login: String::new(),
        is_wrong: false,
    })
}

/// What was typed. A field that is not there is as good as an empty one.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

#[view_config(route = Login, request_method = "POST")]
async fn login(
    Form(typed): Form<Typed>,
    store: State<Store>,
    request: &Request,
) -> Result<Response> {
    let (id, hash) = store.credentials(&typed.login).await?.unzip();
    let is_right = password::is_right(typed.password, hash).await;
    let next = here(typed.next, request)?;
    if let Some(id) = id.filter(|_| is_right) {
        // Who has seen the token before has not seen this one.
        request.new_csrf_token().await?;
        let headers = request.remember(&id.to_string()).await?;
        return Ok(Response::see_other(&next)?.with_headers(headers));
    }
    // Not which of the two is wrong.
    let context = LoginContext {
        next,
        login: typed.login,
        is_wrong: true,
    };
    Ok(request
        .render_to_response(&LOGIN, &context)?
        .with_status(StatusCode::BAD_REQUEST))
}

/// A page of this wiki, and not one elsewhere, where somebody else may have written a link to.
fn here(next: Option<String>, request: &Request) -> Result<String> {
    let wiki = request.application_url() + "/";
    let login = request.route_url(&Login)?;
    let is_here = |next: &String| next.starts_with(&wiki) && !next.starts_with(&login);
    match next.filter(is_here) {
        Some(next) => Ok(next),
        None => Ok(request.route_url(&ViewWiki)?),
    }
}

/// A link alone logs nobody out.
#[view_config(route = Logout, request_method = "GET")]
async fn stay(request: &Request) -> Result<Response> {
    Response::see_other(&request.route_path(&ViewWiki)?)
}

#[view_config(route = Logout, request_method = "POST")]
async fn logout(request: &Request) -> Result<Response> {
    request.new_csrf_token().await?;
    let headers = request.forget().await?;
    Ok(Response::see_other(&request.route_path(&ViewWiki)?)?.with_headers(headers))
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
struct ForbiddenContext {}

static FORBIDDEN: Template<ForbiddenContext> = template!("templates/forbidden.jinja2");

/// Who has not logged in can do that now; who has is told.
#[forbidden_view_config]
async fn forbidden(request: &Request) -> Result<Response> {
    if request.is_authenticated().await? {
        return Ok(request
            .render_to_response(&FORBIDDEN, &ForbiddenContext {})?
            .with_status(StatusCode::FORBIDDEN));
    }
    let next = UrlOptions::default().query([("next", request.path_url())]);
    Response::see_other(&request.route_path_with(&Login, &next)?)
}
