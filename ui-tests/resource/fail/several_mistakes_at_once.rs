use aiopyramid::prelude::*;

trait Titled: Resource {}

struct Book;
struct Shelf;

impl Titled for Shelf {}

#[resource(provides = Titled, name = 1)]
impl Shelf {
    fn getitem(self, name: String) {
        drop(name);
    }
}

fn main() {}
