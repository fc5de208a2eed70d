use aiopyramid::prelude::*;

#[route("/files/*path")]
struct File {
    path: u64,
}

fn main() {}
