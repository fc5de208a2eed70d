use aiopyramid::prelude::*;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem(&self, _name: &str) {}
}

fn main() {}
