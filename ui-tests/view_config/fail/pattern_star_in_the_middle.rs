use aiopyramid::prelude::*;

#[view_config(route = "/*/edit")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
