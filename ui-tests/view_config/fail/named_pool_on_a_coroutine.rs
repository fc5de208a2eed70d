use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = executor("reports"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
