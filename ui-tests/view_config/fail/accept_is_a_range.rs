use aiopyramid::prelude::*;

#[view_config(accept = "text/*")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
