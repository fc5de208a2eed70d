use aiopyramid::prelude::*;

#[route("/users/{id}", predicate = unchecked)]
struct User {
    id: u64,
}

fn unchecked() -> bool {
    true
}

fn main() {}
