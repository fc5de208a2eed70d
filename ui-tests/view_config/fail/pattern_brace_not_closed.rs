use aiopyramid::prelude::*;

#[view_config(route = "/users/{id")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
