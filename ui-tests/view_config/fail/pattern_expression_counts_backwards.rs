use aiopyramid::prelude::*;

#[view_config(route = r"/{year:\d{4,2}}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
