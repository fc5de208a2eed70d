use aiopyramid::prelude::*;

#[route("/users")]
enum Users {
    All,
}

fn main() {}
