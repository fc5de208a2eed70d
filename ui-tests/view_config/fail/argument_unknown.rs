use aiopyramid::prelude::*;

#[view_config(route = "/", cachable = true)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
