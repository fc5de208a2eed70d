use aiopyramid::prelude::*;

#[route("/users/{user-id}")]
struct User {
    user_id: u64,
}

fn main() {}
