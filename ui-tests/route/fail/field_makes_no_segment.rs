use aiopyramid::prelude::*;

#[route("/users/{id}")]
struct User {
    id: UserId,
}

struct UserId(u64);

fn main() {}
