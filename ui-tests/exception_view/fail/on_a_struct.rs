use aiopyramid::prelude::*;

#[notfound_view_config]
struct Missing;

fn main() {}
