use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = corutine)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
