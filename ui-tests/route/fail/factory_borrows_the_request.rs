use aiopyramid::prelude::*;
use aiopyramid::traversal::Resource;

struct Root;

impl Resource for Root {}

fn root(_: &Request) -> Root {
    Root
}

#[route("/a", factory = root)]
struct A;

fn main() {}
