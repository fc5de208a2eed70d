use std::collections::BTreeMap;

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct User {
    name: String,
}

#[derive(Serialize, TemplateContext)]
struct Site {
    motto: String,
    user: User,
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
struct Page {
    heading: String,
    counts: BTreeMap<String, u32>,
}

#[view_config(route = "/page", renderer = "./../templates/system/misspelt.jinja2")]
async fn page() -> Page {
    Page { heading: String::new(), counts: BTreeMap::new() }
}

fn main() {}
