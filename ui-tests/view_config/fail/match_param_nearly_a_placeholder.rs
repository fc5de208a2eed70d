use aiopyramid::prelude::*;

#[view_config(route = "/{kind}", match_param = "knd=book")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
