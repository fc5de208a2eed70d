use aiopyramid::prelude::*;

#[view_config(renderer = "json")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
