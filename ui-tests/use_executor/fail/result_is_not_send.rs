use aiopyramid::prelude::*;

use std::rc::Rc;

#[use_executor]
fn count() -> Rc<str> {
    "seven".into()
}

fn main() {}
