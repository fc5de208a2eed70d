use aiopyramid::prelude::*;

#[view_config(http_cache = -1)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
