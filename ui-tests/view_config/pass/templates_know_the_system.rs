#![deny(warnings)]

use aiopyramid::TemplateContext;
use aiopyramid::prelude::*;
use serde::Serialize;

#[derive(Serialize, TemplateContext)]
struct User {
    name: String,
}

#[derive(Serialize, TemplateContext)]
struct Site<'a> {
    motto: &'a str,
    user: Option<User>,
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site<'static>)]
struct Page {
    heading: String,
}

#[view_config(route = "/page", renderer = "./../templates/system/sound.jinja2")]
async fn page(request: &Request) -> Result<Page> {
    request.add_system_value("motto", Site { motto: "", user: Some(User { name: String::new() }) }.motto);
    Ok(Page { heading: String::new() })
}

fn main() {
    let user = |site: Site<'static>| site.user;
    let _ = user;
}
