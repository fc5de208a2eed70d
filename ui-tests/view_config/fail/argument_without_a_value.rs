use aiopyramid::prelude::*;

#[view_config(route = "/", renderer)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
