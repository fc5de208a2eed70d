use aiopyramid::prelude::*;

#[view_config(route = "/", not = "GET")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
