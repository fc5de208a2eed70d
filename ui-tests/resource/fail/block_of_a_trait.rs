use aiopyramid::prelude::*;

struct Shelf;

#[resource]
impl Clone for Shelf {
    fn clone(&self) -> Self {
        Shelf
    }
}

fn main() {}
