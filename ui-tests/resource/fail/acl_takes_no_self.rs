use aiopyramid::prelude::*;
use aiopyramid::security::Acl;

struct Shelf;

#[resource]
impl Shelf {
    fn acl() -> Acl {
        Acl::new()
    }
}

fn main() {}
