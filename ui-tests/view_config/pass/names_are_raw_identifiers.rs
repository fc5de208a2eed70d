#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

#[view_config(route = "/kinds/{type}")]
async fn r#match(r#type: String) -> String {
    r#type
}

#[route("/kinds/{type}/{fn}")]
struct Kind {
    r#type: String,
    r#fn: u32,
}

#[view_config(route = Kind)]
fn r#where(r#type: String, r#fn: u32, request: &Request) -> Result<String> {
    Ok(request.route_path(&Kind { r#type, r#fn })?)
}

fn main() {}
