use aiopyramid::prelude::*;

#[route("/users/{name}/{page}/{slug}", nmae = "user", order = "1")]
struct User {
    nam: String,
    page: u32,
    size: u32,
}

fn main() {}
