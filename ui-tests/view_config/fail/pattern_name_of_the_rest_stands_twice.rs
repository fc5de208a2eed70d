use aiopyramid::prelude::*;

#[view_config(route = "/{path}/*path")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
