use aiopyramid::prelude::*;

#[view_config(route = "/")]
async fn home<const N: usize>() -> String {
    N.to_string()
}

fn main() {}
