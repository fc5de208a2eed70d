use aiopyramid::prelude::*;

#[view_config(containment = (Folder, Shelf))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
