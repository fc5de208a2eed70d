use aiopyramid::prelude::*;

#[view_config(require_csrf = "true")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
