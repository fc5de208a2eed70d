//! The page, and the forms on it. A form that was accepted leads back to the page: a reload does nothing twice.

use aiopyramid::prelude::*;
use aiopyramid::websocket::Rooms;
use aiopyramid::{StatusCode, Template, TemplateContext, template};
use serde::{Deserialize, Serialize};

use crate::live;
use crate::store::Store;
use crate::task::{LONGEST_TITLE, List, Title};

#[route("/")]
struct Home;

#[route("/tasks/{id}/mark")]
struct Mark {
    id: i64,
}

#[route("/tasks/{id}/remove")]
struct Remove {
    id: i64,
}

#[route("/clear")]
struct Clear;

#[derive(Serialize, TemplateContext)]
struct HomePage {
    list: List,
    /// What was typed and not accepted, and why.
    typed: String,
    error: Option<String>,
    longest_title: usize,
}

impl HomePage {
    async fn new(store: &Store) -> Result<Self> {
        let list = store.list().await?;
        Ok(Self { list, typed: String::new(), error: None, longest_title: LONGEST_TITLE })
    }
}

static HOME_PAGE: Template<HomePage> = template!("templates/home.jinja2");

#[view_config(route = Home, request_method = "GET", renderer = "templates/home.jinja2")]
async fn home(store: State<Store>) -> Result<HomePage> {
    HomePage::new(&store).await
}

#[derive(Deserialize)]
struct Added {
    title: String,
}

#[view_config(route = Home, request_method = "POST")]
async fn add(
    Form(added): Form<Added>,
    store: State<Store>,
    rooms: Rooms,
    request: &Request,
) -> Result<Response> {
    let error = match added.title.parse::<Title>() {
        Err(error) => error,
        Ok(title) => match store.add(&title).await? {
            Some(list) => return changed(list, &rooms, request).await,
            None => "The list is full: do something first.".to_owned(),
        },
    };
    let page = HomePage { typed: added.title, error: Some(error), ..HomePage::new(&store).await? };
    Ok(request.render_to_response(&HOME_PAGE, &page)?.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

#[derive(Deserialize)]
struct Marked {
    done: bool,
}

#[view_config(route = Mark, request_method = "POST")]
async fn mark(
    id: i64,
    marked: Form<Marked>,
    store: State<Store>,
    rooms: Rooms,
    request: &Request,
) -> Result<Response> {
    let list = store.mark(id, marked.done).await?.ok_or_else(HttpException::not_found)?;
    changed(list, &rooms, request).await
}

#[view_config(route = Remove, request_method = "POST")]
async fn remove(id: i64, store: State<Store>, rooms: Rooms, request: &Request) -> Result<Response> {
    let list = store.remove(id).await?.ok_or_else(HttpException::not_found)?;
    changed(list, &rooms, request).await
}

#[view_config(route = Clear, request_method = "POST")]
async fn clear(store: State<Store>, rooms: Rooms, request: &Request) -> Result<Response> {
    match store.clear().await? {
        Some(list) => changed(list, &rooms, request).await,
        None => Response::see_other(&request.route_path(&Home)?),
    }
}

/// Shows the list to the others, and the page to whoever has changed it.
async fn changed(list: List, rooms: &Rooms, request: &Request) -> Result<Response> {
    live::show(list, rooms, request).await?;
    Response::see_other(&request.route_path(&Home)?)
}

#[derive(Serialize, TemplateContext)]
struct MissingPage {}

static MISSING_PAGE: Template<MissingPage> = template!("templates/missing.jinja2");

#[notfound_view_config]
async fn missing(request: &Request) -> Result<Response> {
    let page = request.render_to_response(&MISSING_PAGE, &MissingPage {})?;
    Ok(page.with_status(StatusCode::NOT_FOUND))
}
