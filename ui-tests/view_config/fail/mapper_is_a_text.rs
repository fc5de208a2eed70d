use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = "coroutine")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
