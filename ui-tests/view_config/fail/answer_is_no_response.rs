use aiopyramid::prelude::*;

struct Point {
    x: i32,
}

const ORIGIN: Point = Point { x: 0 };

#[view_config(route = "/")]
async fn point() -> Point {
    ORIGIN
}

fn main() {}
