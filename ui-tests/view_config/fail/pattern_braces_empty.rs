use aiopyramid::prelude::*;

#[view_config(route = "/users/{}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
