use aiopyramid::prelude::*;

#[route("/users/{name}")]
struct User {
    nmae: String,
}

fn main() {}
