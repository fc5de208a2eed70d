use aiopyramid::prelude::*;

#[route]
struct Users;

fn main() {}
