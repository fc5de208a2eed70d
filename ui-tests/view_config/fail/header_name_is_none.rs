use aiopyramid::prelude::*;

#[view_config(route = "/", header = "X Api")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
