use aiopyramid::prelude::*;

struct Shelf;

#[resource]
impl Shelf {
    async fn acl(&self) -> bool {
        true
    }
}

fn main() {}
