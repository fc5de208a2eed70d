use aiopyramid::prelude::*;

#[view_config(route = r"/{id:(?P<id>\d+)}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
