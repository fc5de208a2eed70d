#![deny(warnings)]

use aiopyramid::prelude::*;
use aiopyramid::{Template, TemplateContext, template};
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct Page<'a> {
    heading: &'a str,
    notes: Vec<&'a str>,
}

static PAGE: Template<Page<'static>> = template!("./../../view_config/templates/checked/layout.jinja2");

fn page(heading: String, request: &Request) -> Result<String> {
    const OTHER: Template<Page<'static>> = template!("./../../view_config/templates/checked/extending.jinja2");
    let here: Template<Page<'_>> = template!("./../../view_config/templates/checked/layout.jinja2");
    let value = Page { heading: &heading, notes: Vec::new() };
    Ok(request.render(&PAGE, &value)? + &request.render(&OTHER, &value)? + &request.render(&here, &value)?)
}

fn main() {
    let _ = page;
}
