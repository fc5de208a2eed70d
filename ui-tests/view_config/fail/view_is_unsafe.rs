use aiopyramid::prelude::*;

#[view_config(route = "/")]
unsafe fn home() -> String {
    String::new()
}

fn main() {}
