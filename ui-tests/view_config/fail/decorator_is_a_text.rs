use aiopyramid::prelude::*;

#[view_config(decorator = "stamped")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
