use aiopyramid::prelude::*;

use std::pin::Pin;

type Answer = Pin<Box<dyn Future<Output = &'static str>>>;

#[view_config(route = "/")]
fn home() -> Answer {
    Box::pin(async { "home" })
}

fn main() {}
