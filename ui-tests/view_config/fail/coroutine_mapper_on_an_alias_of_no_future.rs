use aiopyramid::prelude::*;

type Answer = &'static str;

#[view_config(route = "/", mapper = coroutine)]
fn home() -> Answer {
    "home"
}

fn main() {}
