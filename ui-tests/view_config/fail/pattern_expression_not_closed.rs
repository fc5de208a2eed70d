use aiopyramid::prelude::*;

#[view_config(route = r"/users/{id:(\d+}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
