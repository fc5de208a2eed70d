use aiopyramid::prelude::*;

#[use_executor]
fn count(path: &str) -> usize {
    path.len()
}

fn main() {}
