use aiopyramid::prelude::*;

#[view_config(route = "/", request_method = "GET", not(request_method = "POST"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
