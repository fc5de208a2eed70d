use aiopyramid::prelude::*;

struct Book;
struct Shelf;

#[resource]
impl Shelf {
    fn getitem(&self, name: &str) -> Option<Book> {
        (name == "emma").then_some(Book)
    }
}

fn main() {}
