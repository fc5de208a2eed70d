//! aiopyramid as its guide uses it: annotated functions, the entry macro, every limit and timeout at its default.

use aiopyramid::prelude::*;
use contract::{Doc, HELLO, MESSAGE, Message, Page};

#[view_config(route = "/plaintext")]
async fn plaintext() -> &'static str {
    HELLO
}

#[view_config(route = "/json", renderer = "json")]
async fn json() -> Message {
    MESSAGE
}

#[view_config(route = "/user/{id}/post/{slug}")]
async fn user_post(id: String, slug: String) -> String {
    contract::user_post(&id, &slug)
}

#[view_config(route = "/inline", mapper = inline)]
fn inline() -> String {
    contract::blocking_compute().to_string()
}

#[view_config(route = "/blocking")]
fn blocking() -> String {
    contract::blocking_compute().to_string()
}

#[view_config(route = "/blocking-sleep")]
fn blocking_sleep() -> String {
    contract::blocking_sleep().to_string()
}

#[view_config(route = "/echo-json", request_method = "POST")]
async fn echo_json(doc: Json<Doc>) -> Json<Doc> {
    doc
}

#[view_config(route = "/page", renderer = "../contract/page.html.jinja2")]
async fn page() -> Page {
    contract::page()
}

async fn numbered(values: Matchdict) -> String {
    values.get("x").unwrap_or_default().to_owned()
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    let settings = contract::settings();
    config.set_default("listen", settings.addr).set_default("loops", settings.workers);
    if let Some(folder) = contract::files() {
        config.add_static_view("files", folder);
    }
    for n in 0..contract::numbered_routes() {
        config.add_route(format!("r{n:04}"), format!("/r{n:04}/{{x}}"));
        config.add_view(numbered).route(format!("r{n:04}"));
    }
    config.scan();
    Ok(())
}
