use aiopyramid::prelude::*;

#[route("/posts/{id}")]
struct Post {
    id: u64,
}

#[view_config(route = Post)]
async fn post(idd: u64) -> String {
    let _ = idd;
    String::new()
}

fn main() {}
