use aiopyramid::prelude::*;

struct Trouble;

#[view_config(route = "/")]
fn point() -> Result<String, Trouble> {
    Err(Trouble)
}

fn main() {}
