use aiopyramid::prelude::*;

struct Author;

#[view_config(route = "/posts/{slug}")]
async fn post(slug: String, author: Author) -> String {
    let _ = (slug, author);
    String::new()
}

fn main() {}
