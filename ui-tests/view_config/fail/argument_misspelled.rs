use aiopyramid::prelude::*;

#[view_config(route = "/", renderr = "json")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
