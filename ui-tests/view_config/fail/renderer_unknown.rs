use aiopyramid::prelude::*;

#[view_config(route = "/", renderer = "xml")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
