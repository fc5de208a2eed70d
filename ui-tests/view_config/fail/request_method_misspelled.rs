use aiopyramid::prelude::*;

#[view_config(route = "/", request_method = "DELTE")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
