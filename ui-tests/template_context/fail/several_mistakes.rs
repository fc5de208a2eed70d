use aiopyramid::TemplateContext;
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct Site {
    motto: String,
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_value = Site)]
struct Misspelt {
    heading: String,
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = "Site")]
struct Text {
    heading: String,
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
enum Kind {
    Short,
}

#[derive(Serialize, TemplateContext)]
#[template_context]
struct Empty {
    heading: String,
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site, system_values = Site)]
struct Twice {
    heading: String,
}

fn main() {}
