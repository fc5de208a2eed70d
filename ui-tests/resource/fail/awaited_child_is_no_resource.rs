use aiopyramid::prelude::*;

struct Book;
struct Shelf;

#[resource]
impl Shelf {
    async fn getitem(&self, name: &str) -> Result<Option<Book>> {
        Ok((name == "emma").then_some(Book))
    }
}

fn main() {}
