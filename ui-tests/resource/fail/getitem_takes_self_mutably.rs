use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem(&mut self, name: &str) -> Option<Book> {
        (name == "emma").then_some(Book)
    }
}

fn main() {}
