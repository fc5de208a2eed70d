use aiopyramid::prelude::*;

#[route("/users/{id}", traverse = id)]
struct User {
    id: u64,
}

fn main() {}
