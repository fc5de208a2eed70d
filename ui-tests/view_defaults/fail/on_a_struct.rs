use aiopyramid::prelude::*;

#[view_defaults(route = "/users")]
struct Users;

fn main() {}
