use aiopyramid::prelude::*;

struct Page {
    x: u32,
}

#[view_config(route = "/", renderer = "./../templates/page.jinja2")]
async fn page() -> Page {
    Page { x: 1 }
}

fn main() {}
