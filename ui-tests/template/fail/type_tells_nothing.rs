use aiopyramid::{Template, template};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    heading: String,
}

static PAGE: Template<Page> = template!("./../../view_config/templates/checked/layout.jinja2");

fn main() {
    let _ = &PAGE;
}
