use aiopyramid::prelude::*;

#[view_config(route = r"/{word:(\w)\1}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
