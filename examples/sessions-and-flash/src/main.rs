//! A shopping list that is kept in the session of whoever writes it: a form with a CSRF token, and a message after each redirect.
//!
//! Run with `cargo run -p sessions-and-flash -- serve examples/sessions-and-flash/development.ini`, look at
//! <http://127.0.0.1:6543/>. The file has the secret that sessions are signed with; without one the application does not start, and
//! says so.

#[cfg(test)]
mod tests;

use aiopyramid::csrf::{BadCsrfToken, CsrfOptions};
use aiopyramid::prelude::*;
use aiopyramid::session::SignedCookieSessionFactory;
use aiopyramid::{StatusCode, Template, TemplateContext, template};
use serde::{Deserialize, Serialize};

/// The session is a cookie, so the list is a short one. In JSON a letter has twelve bytes at most.
const MOST: usize = 10;
const LONGEST: usize = 20;

#[route("/")]
struct Home;

#[route("/items")]
struct Items;

#[route("/forget")]
struct Forget;

#[derive(Serialize, TemplateContext)]
struct Page {
    items: Vec<String>,
    longest: usize,
    messages: Vec<String>,
    warnings: Vec<String>,
}

#[view_config(route = Home, renderer = "templates/page.jinja2")]
async fn home(session: Session) -> Result<Page> {
    Ok(Page {
        items: session.get("items")?.unwrap_or_default(),
        longest: LONGEST,
        messages: session.pop_flash(),
        warnings: session.pop_flash_from("warning"),
    })
}

#[derive(Deserialize)]
struct Item {
    item: String,
}

/// A plain function, as one would write it that also told a database.
#[view_config(route = Items, request_method = "POST")]
fn add(Form(Item { item }): Form<Item>, session: Session, request: &Request) -> Result<Response> {
    let item = item.trim();
    let added = session.update("items", |items: &mut Vec<String>| {
        let fits = !item.is_empty() && item.chars().count() <= LONGEST && items.len() < MOST;
        if fits {
            items.push(item.to_owned());
        }
        fits
    })?;
    if added {
        session.flash(format!("{item} is on your list."));
    } else {
        session.flash_in("warning", format!("A list has up to {MOST} things of {LONGEST} letters on it."));
    }
    Response::see_other(&request.route_path(&Home)?)
}

#[view_config(route = Forget, request_method = "POST")]
async fn forget(session: Session, request: &Request) -> Result<Response> {
    session.invalidate();
    session.flash("Your list is empty again.");
    Response::see_other(&request.route_path(&Home)?)
}

#[derive(Serialize, TemplateContext)]
struct Expired {}

static EXPIRED: Template<Expired> = template!("templates/expired.jinja2");

/// A form of another site's, or one that is older than the session.
#[exception_view_config]
async fn expired(_refused: &BadCsrfToken, request: &Request) -> Result<Response> {
    Ok(request.render_to_response(&EXPIRED, &Expired {})?.with_status(StatusCode::BAD_REQUEST))
}

fn includeme(config: &mut Configurator) -> Result<()> {
    config.set_session_factory(SignedCookieSessionFactory::from_settings());
    config.set_default_csrf_options(CsrfOptions::new());
    config.scan();
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.include(includeme)?;
    Ok(())
}
