use aiopyramid::prelude::*;

#[view_config(route = "/posts/{slug}")]
async fn post(slug: &str) -> String {
    let _ = slug;
    String::new()
}

fn main() {}
