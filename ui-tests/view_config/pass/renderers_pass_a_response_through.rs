#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

#[view_config(route = "/a", renderer = "json")]
async fn coroutine() -> Response {
    Response::text("done")
}

#[view_config(route = "/b", renderer = "string")]
fn plain() -> Response {
    Response::text("done")
}

#[view_config(route = "/c", renderer = "json")]
async fn fallible() -> Result<Response> {
    Ok(Response::text("done"))
}

#[view_config(route = "/d", renderer = "string")]
fn fallible_plainly() -> Result<Response> {
    Ok(Response::text("done"))
}

fn main() {}
