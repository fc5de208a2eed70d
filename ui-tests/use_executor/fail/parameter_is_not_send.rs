use aiopyramid::prelude::*;

use std::rc::Rc;

#[use_executor]
fn count(path: Rc<str>) -> usize {
    path.len()
}

fn main() {}
