use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = coroutine)]
fn home() -> &'static str {
    "home"
}

fn main() {}
