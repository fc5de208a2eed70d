use aiopyramid::prelude::*;

#[view_config(containment = Folder)]
async fn home() -> &'static str {
    "home"
}

struct Folder;

fn main() {}
