use aiopyramid::prelude::*;

#[view_config(predicate = is_weekend)]
async fn home() -> &'static str {
    "home"
}

fn is_weekend(_: &str) -> bool {
    true
}

fn main() {}
