use aiopyramid::prelude::*;

#[view_config(route = "/a%20b")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
