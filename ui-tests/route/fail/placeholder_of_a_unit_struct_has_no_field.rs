use aiopyramid::prelude::*;

#[route("/users/{id}")]
struct User;

fn main() {}
