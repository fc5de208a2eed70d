use aiopyramid::prelude::*;

#[route("/users", name = users)]
struct Users;

fn main() {}
