use aiopyramid::prelude::*;

#[view_config(accept = ("text/html", "text/plain"))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
