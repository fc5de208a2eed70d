use aiopyramid::prelude::*;

#[route("/posts/{slug}")]
struct Post {
    slug: String,
}

#[view_config(route = Post)]
async fn post(slug: &str) -> String {
    let _ = slug;
    String::new()
}

fn main() {}
