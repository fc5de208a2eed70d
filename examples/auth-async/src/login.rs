//! In and out.

use aiopyramid::prelude::*;
use aiopyramid::{StatusCode, Template, TemplateContext, template};
use serde::{Deserialize, Serialize};

use crate::news::Home;
use crate::people::People;

#[route("/login")]
struct Login;

#[derive(Serialize, TemplateContext)]
struct LoginContext {
    name: String,
    is_wrong: bool,
}

static LOGIN: Template<LoginContext> = template!("templates/login.jinja2");

#[view_config(route = Login, request_method = "GET", renderer = "templates/login.jinja2")]
async fn show() -> LoginContext {
    LoginContext { name: String::new(), is_wrong: false }
}

#[derive(Deserialize)]
struct Typed {
    name: String,
    password: String,
}

#[view_config(route = Login, request_method = "POST")]
async fn login(Form(typed): Form<Typed>, people: State<People>, request: &Request) -> Result<Response> {
    let Typed { name, password } = typed;
    if people.know(&name, password).await? {
        // Who has seen the token before has not seen this one.
        request.new_csrf_token().await?;
        let ticket = request.remember(&name).await?;
        return Ok(Response::see_other(&request.route_path(&Home)?)?.with_headers(ticket));
    }
    let again = request.render_to_response(&LOGIN, &LoginContext { name, is_wrong: true })?;
    Ok(again.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

#[view_config(route = "/logout", request_method = "POST")]
async fn logout(request: &Request) -> Result<Response> {
    Ok(Response::see_other(&request.route_path(&Home)?)?.with_headers(request.forget().await?))
}

/// Who has not logged in can do that now; who has, is told.
#[forbidden_view_config]
async fn forbidden(request: &Request) -> Result<Response> {
    if request.is_authenticated().await? {
        return Ok(Response::text("You may not do this.").with_status(StatusCode::FORBIDDEN));
    }
    Response::see_other(&request.route_path(&Login)?)
}
