use aiopyramid::prelude::*;

#[route("/users/{id}", traverse = "/people/{name}")]
struct User {
    id: u64,
}

fn main() {}
