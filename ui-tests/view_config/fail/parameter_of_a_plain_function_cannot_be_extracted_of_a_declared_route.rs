use aiopyramid::prelude::*;

#[route("/posts/{slug}")]
struct Post {
    slug: String,
}

struct Author;

#[view_config(route = Post)]
fn post(slug: String, author: Author) -> String {
    let _ = (slug, author);
    String::new()
}

fn main() {}
