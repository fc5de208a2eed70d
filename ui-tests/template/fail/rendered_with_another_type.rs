use aiopyramid::prelude::*;
use aiopyramid::{Template, TemplateContext, template};
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct Page {
    heading: String,
    notes: Vec<String>,
}

static PAGE: Template<Page> = template!("./../../view_config/templates/checked/layout.jinja2");

fn page(request: &Request) -> Result<String> {
    request.render(&PAGE, &"heading")
}

fn main() {}
