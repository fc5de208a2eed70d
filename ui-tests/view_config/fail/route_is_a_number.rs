use aiopyramid::prelude::*;

#[view_config(route = 1)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
