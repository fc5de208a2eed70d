use aiopyramid::{Template, TemplateContext, template};
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct Page {
    heading: String,
}

static MISSING: Template<Page> = template!("./../../view_config/templates/checked/layuot.jinja2");
static WORD: Template<Page> = template!(layout);
static NOTHING: Template<Page> = template!();

fn main() {}
