use aiopyramid::prelude::*;

#[view_config(route = "/", not(request_mehtod = "GET"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
