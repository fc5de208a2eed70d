use aiopyramid::prelude::*;

#[route(name = "users")]
struct Users;

fn main() {}
