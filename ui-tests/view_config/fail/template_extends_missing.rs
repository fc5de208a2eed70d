use aiopyramid::prelude::*;

#[derive(serde::Serialize)]
struct Page {
    x: u32,
}

#[view_config(route = "/", renderer = "./../templates/orphan.jinja2")]
async fn page() -> Page {
    Page { x: 1 }
}

fn main() {}
