use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    unsafe fn getitem(&self, name: &str) -> Option<Book> {
        (name == "emma").then_some(Book)
    }
}

fn main() {}
