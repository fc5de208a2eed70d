use aiopyramid::prelude::*;

#[view_config(context = Folder)]
async fn home() -> &'static str {
    "home"
}

struct Folder;

fn main() {}
