use aiopyramid::prelude::*;

#[route("/users/{id}", traverse = "/people/{idd}")]
struct User {
    id: u64,
}

fn main() {}
