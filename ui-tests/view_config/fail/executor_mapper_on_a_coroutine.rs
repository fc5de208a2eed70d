use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = executor)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
