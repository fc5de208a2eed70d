use aiopyramid::prelude::*;

#[resource(provides = [])]
struct Book;

fn main() {}
