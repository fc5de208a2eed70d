use aiopyramid::prelude::*;

#[view_config(physical_path = "docs/a")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
