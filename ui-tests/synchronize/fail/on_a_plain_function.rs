use aiopyramid::prelude::*;

#[synchronize]
fn count() -> usize {
    7
}

fn main() {}
