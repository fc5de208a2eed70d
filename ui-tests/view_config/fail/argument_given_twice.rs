use aiopyramid::prelude::*;

#[view_config(route = "/", route = "/home")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
