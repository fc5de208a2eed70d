use aiopyramid::prelude::*;

use std::pin::Pin;

type Answer = Pin<Box<dyn Future<Output = u32> + Send>>;

#[view_config(route = "/", renderer = "json")]
fn point() -> Answer {
    Box::pin(async { 7 })
}

fn main() {}
