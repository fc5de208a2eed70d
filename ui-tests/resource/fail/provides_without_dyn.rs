use aiopyramid::prelude::*;

trait Titled: Resource {}

#[resource(provides = Titled)]
struct Book;

impl Titled for Book {}

fn main() {}
