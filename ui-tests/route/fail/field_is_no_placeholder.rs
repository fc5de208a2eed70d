use aiopyramid::prelude::*;

#[route("/users/{id}")]
struct User {
    id: u64,
    page: u32,
}

fn main() {}
