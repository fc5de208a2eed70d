use aiopyramid::prelude::*;

use std::cell::Cell;

#[resource]
struct Book {
    read: Cell<u32>,
}

fn main() {}
