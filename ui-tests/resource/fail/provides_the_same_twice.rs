use aiopyramid::prelude::*;

trait Titled: Resource {}

#[resource(provides = [dyn Titled, dyn Titled])]
struct Book;

impl Titled for Book {}

fn main() {}
