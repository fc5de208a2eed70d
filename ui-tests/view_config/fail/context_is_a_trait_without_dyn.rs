use aiopyramid::prelude::*;

#[view_config(context = Titled)]
async fn home() -> &'static str {
    "home"
}

trait Titled {}

fn main() {}
