use aiopyramid::prelude::*;

#[route("/users", order = "1")]
struct Users;

fn main() {}
