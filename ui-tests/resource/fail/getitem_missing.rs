use aiopyramid::prelude::*;

struct Shelf;

#[resource]
impl Shelf {
    fn size(&self) -> usize {
        3
    }
}

fn main() {}
