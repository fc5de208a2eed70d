use aiopyramid::prelude::*;

#[route("/files/*path")]
struct Post {
    path: Vec<String>,
}

#[view_config(route = Post)]
async fn post(path: u64) -> String {
    let _ = path;
    String::new()
}

fn main() {}
