use aiopyramid::prelude::*;

use std::borrow::Cow;

#[use_executor]
fn count(path: Cow<'_, str>) -> usize {
    path.len()
}

fn main() {}
