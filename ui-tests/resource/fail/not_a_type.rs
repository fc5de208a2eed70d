use aiopyramid::prelude::*;

#[resource]
fn shelf() {}

fn main() {}
