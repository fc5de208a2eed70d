use aiopyramid::prelude::*;

#[route(users)]
struct Users;

fn main() {}
