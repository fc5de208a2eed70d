use aiopyramid::prelude::*;

#[route("/users", order = 1u8)]
struct Users;

fn main() {}
