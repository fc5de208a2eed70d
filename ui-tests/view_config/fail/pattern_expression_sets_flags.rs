use aiopyramid::prelude::*;

#[view_config(route = r"/{word:(?i)abc}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
