use aiopyramid::prelude::*;

#[view_config(name = "")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
