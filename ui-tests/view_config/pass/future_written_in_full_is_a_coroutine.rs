#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use std::pin::Pin;

#[view_config(route = "/", mapper = coroutine)]
fn home() -> Pin<Box<dyn Future<Output = &'static str> + Send>> {
    Box::pin(async { "home" })
}

#[view_config(route = "/start", mapper = coroutine, renderer = "json")]
fn start() -> impl Future<Output = u32> {
    async { 7 }
}

fn main() {}
