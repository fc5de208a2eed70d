use aiopyramid::prelude::*;

struct Trouble;

#[view_config(route = "/", renderer = "json")]
async fn point() -> Result<u32, Trouble> {
    Err(Trouble)
}

fn main() {}
