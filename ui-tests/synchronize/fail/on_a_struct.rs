use aiopyramid::prelude::*;

#[synchronize]
struct Count;

fn main() {}
