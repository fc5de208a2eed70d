use aiopyramid::prelude::*;

#[view_config(route = "/", on_disconnect = finnish)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
