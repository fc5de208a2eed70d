use aiopyramid::prelude::*;

#[route("/posts/{slug}")]
struct Post {
    slug: String,
}

#[view_config(route = Post)]
async fn post(slug: String, page: u32) -> String {
    let _ = (slug, page);
    String::new()
}

fn main() {}
