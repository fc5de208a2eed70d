use aiopyramid::prelude::*;

#[view_config(permission = true)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
