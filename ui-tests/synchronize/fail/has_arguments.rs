use aiopyramid::prelude::*;

#[synchronize(blocking)]
async fn count() -> usize {
    7
}

fn main() {}
