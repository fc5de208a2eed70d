use aiopyramid::prelude::*;

#[route("/tree/*traverse", traverse = "/tree")]
struct Tree {
    traverse: Vec<String>,
}

fn main() {}
