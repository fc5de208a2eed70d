use aiopyramid::prelude::*;

trait Titled: Resource {}
trait Versioned: Resource {}

#[resource(provides = dyn Titled, dyn Versioned)]
struct Book;

impl Titled for Book {}
impl Versioned for Book {}

fn main() {}
