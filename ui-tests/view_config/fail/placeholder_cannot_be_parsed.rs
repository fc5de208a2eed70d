use aiopyramid::prelude::*;

struct Slug;

#[view_config(route = "/posts/{slug}")]
async fn post(slug: Slug) -> String {
    let _ = slug;
    String::new()
}

fn main() {}
