use aiopyramid::prelude::*;

#[view_config(route = "/")]
async fn point() -> u32 {
    7
}

fn main() {}
