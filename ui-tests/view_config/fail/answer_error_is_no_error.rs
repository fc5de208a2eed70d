use aiopyramid::prelude::*;

struct Trouble;

#[view_config(route = "/")]
async fn point() -> Result<String, Trouble> {
    Err(Trouble)
}

fn main() {}
