use aiopyramid::prelude::*;

use std::pin::Pin;

type Answer = Pin<Box<dyn Future<Output = &'static str> + Send>>;

#[view_config(route = "/", mapper = inline)]
fn home() -> Answer {
    Box::pin(async { "home" })
}

fn main() {}
