use aiopyramid::prelude::*;

struct Point;

#[view_config(route = "/posts")]
async fn post(Json(point): Json<Point>) -> String {
    let _ = point;
    String::new()
}

fn main() {}
