use aiopyramid::prelude::*;

use std::rc::Rc;

#[resource]
struct Book;

struct Shelf;

#[resource]
impl Shelf {
    async fn getitem(&self, name: &str) -> Option<Book> {
        let name = Rc::new(name.to_owned());
        std::future::ready(()).await;
        (*name == "emma").then_some(Book)
    }
}

fn main() {}
