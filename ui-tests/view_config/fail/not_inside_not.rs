use aiopyramid::prelude::*;

#[view_config(route = "/", not(not(xhr = true)))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
