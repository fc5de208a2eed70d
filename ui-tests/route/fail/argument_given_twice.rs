use aiopyramid::prelude::*;

#[route("/users", order = 1, order = 2)]
struct Users;

fn main() {}
