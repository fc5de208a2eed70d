use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct Page {}

#[view_config(route = "/page", renderer = "./../templates/checked/request.jinja2")]
fn page() -> Page {
    Page {}
}

fn main() {}
