use aiopyramid::prelude::*;

#[view_config(path_info = ("/a", "/b"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
