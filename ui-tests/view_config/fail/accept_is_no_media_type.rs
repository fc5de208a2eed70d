use aiopyramid::prelude::*;

#[view_config(accept = "html")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
