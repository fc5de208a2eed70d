use aiopyramid::prelude::*;

#[route(pattern = "/users")]
struct Users;

fn main() {}
