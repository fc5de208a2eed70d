use aiopyramid::prelude::*;

#[view_config(route = "/", header = true)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
