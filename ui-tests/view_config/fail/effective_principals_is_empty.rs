use aiopyramid::prelude::*;

#[view_config(effective_principals = ["group:editors", ""])]
async fn home() -> &'static str {
    "home"
}

fn main() {}
