use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = 4)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
