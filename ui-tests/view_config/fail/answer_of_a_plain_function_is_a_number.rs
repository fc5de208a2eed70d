use aiopyramid::prelude::*;

#[view_config(route = "/")]
fn point() -> u32 {
    7
}

fn main() {}
