use aiopyramid::prelude::*;

trait Titled: Resource {}

#[resource(provides = dyn Titled)]
struct Book;

fn main() {}
