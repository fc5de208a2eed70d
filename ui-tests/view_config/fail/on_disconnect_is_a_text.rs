use aiopyramid::prelude::*;

#[view_config(route = "/", on_disconnect = "finish")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
