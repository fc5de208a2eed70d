use aiopyramid::prelude::*;

struct Trouble;

#[synchronize]
async fn count() -> Result<usize, Trouble> {
    Err(Trouble)
}

fn main() {}
