use aiopyramid::prelude::*;

#[route("/users", name = "")]
struct Users;

fn main() {}
