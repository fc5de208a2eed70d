use aiopyramid::prelude::*;

#[use_executor]
fn count<'a>(path: Option<&'a str>) -> usize {
    path.map_or(0, str::len)
}

fn main() {}
