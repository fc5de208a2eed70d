use aiopyramid::prelude::*;

#[view_config(route = r"/{name:(?!admin)\w+}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
