use aiopyramid::prelude::*;

#[view_config(route = "/", not())]
async fn home() -> &'static str {
    "home"
}

fn main() {}
