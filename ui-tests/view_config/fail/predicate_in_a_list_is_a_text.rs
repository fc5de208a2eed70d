use aiopyramid::prelude::*;

#[view_config(predicate = [is_weekend, "is_beta"])]
async fn home() -> &'static str {
    "home"
}

fn is_weekend(_: &Request) -> bool {
    true
}

fn main() {}
