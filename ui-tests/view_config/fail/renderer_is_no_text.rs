use aiopyramid::prelude::*;

#[view_config(route = "/", renderer = json)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
