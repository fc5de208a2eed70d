use aiopyramid::prelude::*;

#[view_config(route = "/{id}/friends/{id}")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
