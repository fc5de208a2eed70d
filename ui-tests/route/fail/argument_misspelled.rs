use aiopyramid::prelude::*;

#[route("/users", nmae = "users")]
struct Users;

fn main() {}
