use aiopyramid::prelude::*;

#[view_config(http_cache = true)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
