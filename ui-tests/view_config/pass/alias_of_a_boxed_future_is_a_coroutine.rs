#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use aiopyramid::view::{Callable, IntoCallable};
use std::pin::Pin;

type Answer = Pin<Box<dyn Future<Output = Result<String>> + Send>>;

#[view_config(route = "/")]
#[view_config(route = "/home", mapper = coroutine)]
#[view_config(route = "/start", mapper = coroutine_or_executor)]
fn home() -> Answer {
    Box::pin(async { Ok("home".to_owned()) })
}

fn main() {
    assert!(matches!(home.into_callable(), Callable::Coroutine(_)));
}
