use aiopyramid::prelude::*;

#[view_config(accept = "text/html;q=0.5")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
