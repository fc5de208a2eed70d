use aiopyramid::prelude::*;

#[use_executor("reports")]
fn count() -> usize {
    7
}

fn main() {}
