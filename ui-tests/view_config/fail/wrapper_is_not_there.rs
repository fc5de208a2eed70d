use aiopyramid::prelude::*;

#[view_config(wrapper = "outer")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
