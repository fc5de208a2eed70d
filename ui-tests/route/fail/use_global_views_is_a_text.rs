use aiopyramid::prelude::*;

#[route("/users/{id}", use_global_views = "true")]
struct User {
    id: u64,
}

fn main() {}
