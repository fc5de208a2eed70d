use aiopyramid::prelude::*;

#[view_config(path_info = "/users/(a")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
