use aiopyramid::prelude::*;

use std::cell::Cell;

struct Counter(Cell<u32>);

#[view_config(route = "/posts")]
async fn post(counter: State<Counter>) -> String {
    let _ = counter;
    String::new()
}

fn main() {}
