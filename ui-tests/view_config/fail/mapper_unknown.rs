use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = threads)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
