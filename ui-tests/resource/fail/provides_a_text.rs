use aiopyramid::prelude::*;

#[resource(provides = "Titled")]
struct Book;

fn main() {}
