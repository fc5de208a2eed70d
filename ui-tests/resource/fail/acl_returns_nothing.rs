use aiopyramid::prelude::*;

struct Shelf;

#[resource]
impl Shelf {
    fn acl(&self) {}
}

fn main() {}
