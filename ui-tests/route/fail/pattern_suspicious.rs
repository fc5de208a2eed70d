use aiopyramid::prelude::*;

#[route("/files/*")]
struct Files;

fn main() {}
