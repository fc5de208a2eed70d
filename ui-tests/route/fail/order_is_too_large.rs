use aiopyramid::prelude::*;

#[route("/users", order = 3000000000)]
struct Users;

fn main() {}
