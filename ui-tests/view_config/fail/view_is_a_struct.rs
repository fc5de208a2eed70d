use aiopyramid::prelude::*;

#[view_config(route = "/")]
struct Home;

fn main() {}
