use aiopyramid::prelude::*;

#[route("/tree", traverse = "/tree/{id}")]
struct Tree;

fn main() {}
