use aiopyramid::prelude::*;

#[view_config("/")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
