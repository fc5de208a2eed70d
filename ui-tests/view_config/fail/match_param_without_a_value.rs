use aiopyramid::prelude::*;

#[view_config(route = "/{kind}", match_param = "kind")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
