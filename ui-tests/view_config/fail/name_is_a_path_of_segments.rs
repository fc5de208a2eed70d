use aiopyramid::prelude::*;

#[view_config(name = "users/edit")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
