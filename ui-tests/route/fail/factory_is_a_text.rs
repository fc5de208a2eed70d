use aiopyramid::prelude::*;

#[route("/users/{id}", factory = "root")]
struct User {
    id: u64,
}

fn main() {}
