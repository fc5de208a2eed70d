use aiopyramid::prelude::*;

#[route("/posts/{slug}")]
struct Post {
    slug: String,
}

struct Slug;

#[view_config(route = Post)]
async fn post(slug: Slug) -> String {
    let _ = slug;
    String::new()
}

fn main() {}
