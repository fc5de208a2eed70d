use aiopyramid::prelude::*;

#[view_config(route("/"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
