use aiopyramid::prelude::*;

#[use_executor]
struct Count;

fn main() {}
