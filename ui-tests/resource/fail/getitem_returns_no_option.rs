use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem(&self, _name: &str) -> Book {
        Book
    }
}

fn main() {}
