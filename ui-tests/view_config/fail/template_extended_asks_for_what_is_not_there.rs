use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
#[serde(rename_all = "camelCase")]
struct Page {
    heading: String,
    some_notes: Vec<String>,
}

#[view_config(route = "/page", renderer = "./../templates/checked/extending.jinja2")]
async fn page() -> Page {
    Page { heading: String::new(), some_notes: Vec::new() }
}

fn main() {}
