//! Views that are told apart by more than the path.

use aiopyramid::prelude::*;

#[route("/shelves/{number}")]
struct Shelf {
    number: u32,
}

#[view_config(route = Shelf, request_method = "GET")]
async fn shelf(number: u32, request: &Request) -> Result<String> {
    Ok(format!("{number} at {}\n", request.route_url(&Shelf { number })?))
}

#[view_config(route = Shelf, request_method = ("PUT", "PATCH"))]
fn put_on_shelf(number: u32) -> String {
    format!("put on {number}\n")
}

#[view_config(route = Shelf, request_method = "POST", header = "X-Kind:^book$")]
fn book_on_shelf(number: u32) -> String {
    format!("a book on {number}\n")
}

#[view_config(route = "/files/*rest")]
async fn file(rest: String) -> String {
    format!("{rest}\n")
}

#[view_config(route = "/files/index")]
async fn index() -> &'static str {
    "index\n"
}

#[view_config(route = "/nothing")]
async fn nothing() {}
