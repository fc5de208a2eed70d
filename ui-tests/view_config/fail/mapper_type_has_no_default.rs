use aiopyramid::prelude::*;

use aiopyramid::view::{Callable, CoroutineOrExecutor, View, ViewInfo, ViewMapper};

struct Announced(String);

impl ViewMapper for Announced {
    fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View> {
        println!("{}", self.0);
        CoroutineOrExecutor.map(view, info)
    }
}

#[view_config(route = "/", mapper = Announced)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
