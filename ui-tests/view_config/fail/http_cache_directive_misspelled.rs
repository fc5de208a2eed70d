use aiopyramid::prelude::*;

#[view_config(http_cache = "pubic")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
