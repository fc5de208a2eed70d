#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

#[derive(serde::Deserialize, serde::Serialize)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(serde::Deserialize)]
struct Page {
    offset: u32,
}

#[view_config(route = "/mirror", request_method = "POST")]
async fn mirror(Json(point): Json<Point>) -> Json<Point> {
    Json(Point { x: point.y, y: point.x })
}

#[view_config(route = "/page/{name}")]
fn page(name: String, Query(Page { offset }): Query<Page>, Form(_): Form<Page>) -> String {
    format!("{name} {offset}")
}

#[route("/points/{x}")]
struct PointPath {
    x: i32,
}

#[view_config(route = PointPath)]
async fn point(x: i32, Json(Point { y, .. }): Json<Point>, mut request: Request) -> Json<Point> {
    request = request.clone();
    drop(request);
    Json(Point { x, y })
}

fn main() {}
