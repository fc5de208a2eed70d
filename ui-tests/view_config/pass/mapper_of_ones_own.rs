#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use aiopyramid::view::{Callable, CoroutineOrExecutor, View, ViewInfo, ViewMapper};

mod mappers {
    #[derive(Default)]
    pub struct Announced;
}

impl ViewMapper for mappers::Announced {
    fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View> {
        CoroutineOrExecutor.map(view, info)
    }
}

#[view_config(route = "/", mapper = mappers::Announced)]
async fn home() -> &'static str {
    "home"
}

#[view_config(route = "/plain", mapper = mappers::Announced)]
fn plain() -> &'static str {
    "plain"
}

fn main() {}
