use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem(&self, name: &str, request: &Request) -> Option<Book> {
        (name == request.path()).then_some(Book)
    }
}

fn main() {}
