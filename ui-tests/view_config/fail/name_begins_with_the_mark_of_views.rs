use aiopyramid::prelude::*;

#[view_config(name = "@@edit")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
