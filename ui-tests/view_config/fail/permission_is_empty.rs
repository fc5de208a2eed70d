use aiopyramid::prelude::*;

#[view_config(permission = "")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
