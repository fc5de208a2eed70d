use aiopyramid::prelude::*;

#[view_config(route = "/", request_method = ())]
async fn home() -> &'static str {
    "home"
}

fn main() {}
