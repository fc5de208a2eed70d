use aiopyramid::prelude::*;

#[view_config(route = "/files/*")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
