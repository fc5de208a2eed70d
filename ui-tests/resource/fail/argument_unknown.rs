use aiopyramid::prelude::*;

#[resource(name = "book")]
struct Book;

fn main() {}
