use aiopyramid::prelude::*;

#[view_config(route = "/files/*1st")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
