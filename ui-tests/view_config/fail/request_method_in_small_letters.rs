use aiopyramid::prelude::*;

#[view_config(route = "/", request_method = "get")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
