use aiopyramid::prelude::*;

struct Point {
    x: i32,
}

const ORIGIN: Point = Point { x: 0 };

type Answer = Point;

#[view_config(route = "/")]
fn point() -> Answer {
    ORIGIN
}

fn main() {}
