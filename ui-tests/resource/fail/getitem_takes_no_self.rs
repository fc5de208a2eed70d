use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem(name: &str) -> Option<Book> {
        (name == "emma").then_some(Book)
    }
}

fn main() {}
