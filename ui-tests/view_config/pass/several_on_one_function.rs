#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

#[view_config(route = "/")]
#[view_config(route = "/home", request_method = ("GET", "POST"))]
#[view_config(route = "/home/{name}", not(xhr = true))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
