use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    fn get_item(&self, name: &str) -> Option<Book> {
        (name == "emma").then_some(Book)
    }
}

fn main() {}
