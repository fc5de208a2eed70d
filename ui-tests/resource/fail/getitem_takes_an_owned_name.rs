use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem(&self, name: String) -> Option<Book> {
        (name == "emma").then_some(Book)
    }
}

fn main() {}
