use aiopyramid::TemplateContext;
use serde::Serialize;

#[derive(Serialize)]
struct Site {
    motto: String,
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
struct Page {
    heading: String,
}

fn main() {}
