use aiopyramid::prelude::*;

#[view_config(not(accept = "text/html"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
