use aiopyramid::prelude::*;

use std::pin::Pin;

#[view_config(route = "/")]
fn home() -> Pin<Box<dyn Future<Output = &'static str>>> {
    Box::pin(async { "home" })
}

fn main() {}
