use aiopyramid::{Template, TemplateContext, template};
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct Page {
    heading: String,
}

static PAGE: Template<Page> = template!("./../../view_config/templates/checked/extending.jinja2");

fn main() {
    let _ = &PAGE;
}
