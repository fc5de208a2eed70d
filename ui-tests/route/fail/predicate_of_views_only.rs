use aiopyramid::prelude::*;

#[route("/users/{id}", match_param = "id=1")]
struct User {
    id: u64,
}

fn main() {}
