use aiopyramid::prelude::*;

fn root(_: Request) -> u8 {
    1
}

#[route("/a", factory = root)]
struct A;

fn main() {}
