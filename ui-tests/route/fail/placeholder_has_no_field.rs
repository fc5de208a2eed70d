use aiopyramid::prelude::*;

#[route("/users/{id}/{slug}")]
struct User {
    id: u64,
}

fn main() {}
