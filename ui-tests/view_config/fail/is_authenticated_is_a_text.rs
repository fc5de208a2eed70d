use aiopyramid::prelude::*;

#[view_config(is_authenticated = "true")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
