use aiopyramid::prelude::*;

#[route("/users/{id}")]
struct User(u64);

fn main() {}
