use aiopyramid::prelude::*;

#[view_config(route = "/")]
async fn point() -> Vec<u32> {
    vec![7]
}

fn main() {}
