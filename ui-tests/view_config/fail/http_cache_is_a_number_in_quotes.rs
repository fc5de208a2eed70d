use aiopyramid::prelude::*;

#[view_config(http_cache = "3600")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
