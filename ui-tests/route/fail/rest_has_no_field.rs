use aiopyramid::prelude::*;

#[route("/files/*path")]
struct File {}

fn main() {}
