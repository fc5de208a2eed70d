use aiopyramid::prelude::*;

struct Home;

#[view_config(route = Home)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
