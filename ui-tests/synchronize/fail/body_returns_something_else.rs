use aiopyramid::prelude::*;

#[synchronize]
async fn count() -> Result<usize> {
    7
}

fn main() {}
