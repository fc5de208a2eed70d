use aiopyramid::prelude::*;
use aiopyramid::security::Acl;

struct Shelf;

#[resource]
impl Shelf {
    fn getitem(&self, _name: &str) -> Option<Shelf> {
        None
    }

    fn __acl__(&self) -> Acl {
        Acl::new()
    }
}

fn main() {}
