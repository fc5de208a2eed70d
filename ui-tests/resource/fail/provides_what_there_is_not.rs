use aiopyramid::prelude::*;

#[resource(provides = dyn Titled)]
struct Book;

fn main() {}
