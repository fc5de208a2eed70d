use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = executor(""))]
fn home() -> &'static str {
    "home"
}

fn main() {}
