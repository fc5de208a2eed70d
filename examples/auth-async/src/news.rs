//! What everybody may look at, and what not.

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::{Deserialize, Serialize};

use crate::people::People;

#[route("/")]
pub(crate) struct Home;

#[derive(Serialize, TemplateContext)]
struct Item {
    text: String,
    author: String,
}

#[derive(Serialize, TemplateContext)]
struct HomeContext {
    user: Option<String>,
    may_write: bool,
    /// Nobody reads them without having logged in.
    news: Option<Vec<Item>>,
}

#[view_config(route = Home, request_method = "GET", renderer = "templates/home.jinja2")]
async fn home(
    user: Option<AuthenticatedUserid>,
    people: State<People>,
    request: &Request,
) -> Result<HomeContext> {
    let news = if request.has_permission("read", None).await?.is_allowed() {
        let found = sqlx::query_as("SELECT text, author FROM news ORDER BY id DESC LIMIT 20");
        let rows: Vec<(String, String)> = found.fetch_all(&people.0).await?;
        Some(rows.into_iter().map(|(text, author)| Item { text, author }).collect())
    } else {
        None
    };
    Ok(HomeContext {
        user: user.map(|user| user.0),
        may_write: request.has_permission("write", None).await?.is_allowed(),
        news,
    })
}

#[derive(Deserialize)]
struct Written {
    text: String,
}

#[view_config(route = Home, request_method = "POST", permission = "write")]
async fn write(
    Form(Written { text }): Form<Written>,
    author: AuthenticatedUserid,
    people: State<People>,
    request: &Request,
) -> Result<Response> {
    let added = sqlx::query("INSERT INTO news (text, author) VALUES (?, ?)");
    added.bind(text).bind(author.0).execute(&people.0).await?;
    Response::see_other(&request.route_path(&Home)?)
}

/// The same policy in a view that may block: who one is was found out before it is called.
#[view_config(route = "/card", permission = "read")]
fn card(user: AuthenticatedUserid, Identity(groups): Identity<Vec<String>>) -> String {
    let groups = if groups.is_empty() { "nothing".to_owned() } else { groups.join(", ") };
    format!("{} is in {groups}", user.0)
}
