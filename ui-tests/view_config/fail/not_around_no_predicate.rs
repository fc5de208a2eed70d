use aiopyramid::prelude::*;

#[view_config(not(route = "/"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
