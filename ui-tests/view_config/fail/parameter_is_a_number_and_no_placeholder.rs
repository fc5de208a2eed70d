use aiopyramid::prelude::*;

#[view_config(route = "/posts/{slug}")]
async fn post(slug: String, page: u32) -> String {
    let _ = (slug, page);
    String::new()
}

fn main() {}
