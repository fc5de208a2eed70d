use aiopyramid::prelude::*;

trait Titled: Resource {}

#[resource(provide = dyn Titled)]
struct Book;

impl Titled for Book {}

fn main() {}
