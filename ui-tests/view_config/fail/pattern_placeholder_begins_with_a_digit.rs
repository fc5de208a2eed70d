use aiopyramid::prelude::*;

#[view_config(route = "/users/{1st}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
