use aiopyramid::prelude::*;

#[view_defaults(route = "/users")]
async fn users() -> &'static str {
    "Ann"
}

fn main() {}
