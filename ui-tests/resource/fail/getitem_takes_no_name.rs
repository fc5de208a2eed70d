use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem(&self) -> Option<Book> {
        Some(Book)
    }
}

fn main() {}
