use aiopyramid::prelude::*;

#[view_config(route = Home)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
