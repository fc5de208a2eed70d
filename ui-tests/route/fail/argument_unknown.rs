use aiopyramid::prelude::*;

#[route("/users", method = "GET")]
struct Users;

fn main() {}
