use aiopyramid::prelude::*;

#[view_config(predicate = "is_weekend")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
