use aiopyramid::prelude::*;

use std::pin::Pin;

struct Point {
    x: i32,
}

const ORIGIN: Point = Point { x: 0 };

type Answer = Pin<Box<dyn Future<Output = Point> + Send>>;

#[view_config(route = "/")]
fn point() -> Answer {
    Box::pin(async { ORIGIN })
}

fn main() {}
