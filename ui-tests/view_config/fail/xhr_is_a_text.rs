use aiopyramid::prelude::*;

#[view_config(route = "/", xhr = "yes")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
