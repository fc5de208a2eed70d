use aiopyramid::prelude::*;

trait Titled {}

#[resource(provides = dyn Titled)]
struct Book;

impl Titled for Book {}

fn main() {}
