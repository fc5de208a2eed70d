use aiopyramid::prelude::*;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    async fn getitem(&self, _name: &str) -> Result<Book> {
        Ok(Book)
    }
}

fn main() {}
