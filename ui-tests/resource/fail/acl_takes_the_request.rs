use aiopyramid::prelude::*;
use aiopyramid::security::Acl;

struct Shelf;

#[resource]
impl Shelf {
    fn acl(&self, request: &Request) -> Acl {
        let _ = request;
        Acl::new()
    }
}

fn main() {}
