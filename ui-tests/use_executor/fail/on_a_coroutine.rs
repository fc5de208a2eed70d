use aiopyramid::prelude::*;

#[use_executor]
async fn count() -> usize {
    7
}

fn main() {}
