use aiopyramid::prelude::*;

#[derive(Default)]
struct Announced;

#[view_config(route = "/", mapper = Announced)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
