use aiopyramid::prelude::*;

#[view_config(route = "/users/{user-id}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
