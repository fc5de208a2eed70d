use aiopyramid::prelude::*;

#[view_config(route = "/", permission = "edit")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
