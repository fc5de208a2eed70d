use aiopyramid::prelude::*;

#[route("/users/{id}", traverse = "/people/{id")]
struct User {
    id: u64,
}

fn main() {}
