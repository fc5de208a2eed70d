use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem<T: Default>(&self, name: &str) -> Option<Book> {
        (name == "emma").then_some(Book)
    }
}

fn main() {}
