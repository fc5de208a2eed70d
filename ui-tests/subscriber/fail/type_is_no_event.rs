use aiopyramid::prelude::*;

struct Ordered;

#[subscriber]
async fn confirm(_: &Ordered) {}

#[subscriber]
fn note(_: &Ordered) {}

fn main() {}
