use aiopyramid::prelude::*;

#[tween]
struct Stamped;

fn main() {}
