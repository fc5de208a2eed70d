use aiopyramid::prelude::*;

#[view_config(route = "/", renderer = "jsno")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
