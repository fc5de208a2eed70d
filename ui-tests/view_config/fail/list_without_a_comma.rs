use aiopyramid::prelude::*;

#[view_config(route = "/", request_method = ("GET" "POST"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
