use aiopyramid::prelude::*;

#[view_config(route = "/", renderer = 1 + 1)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
