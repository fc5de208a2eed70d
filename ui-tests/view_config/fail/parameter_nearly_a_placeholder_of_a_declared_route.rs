use aiopyramid::prelude::*;

#[route("/posts/{slug}")]
struct Post {
    slug: String,
}

#[view_config(route = Post)]
async fn post(slgu: String) -> String {
    let _ = slgu;
    String::new()
}

fn main() {}
