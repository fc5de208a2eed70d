use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = inline)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
