#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

#[view_config(
    route = "/books/{kind}",
    mapper = executor("reports"),
    renderer = "json",
    request_method = ("GET", "PURGE"),
    header = ("X-Api-Version:2", "Accept"),
    xhr = false,
    match_param = "kind=novel",
    on_disconnect = finish,
)]
fn books(kind: String) -> Vec<String> {
    vec![kind]
}

#[view_config(route = "/quick", mapper = inline, not(request_method = "POST", header = "X-Old"), on_disconnect = cancel)]
fn quick() -> &'static str {
    "quick"
}

#[view_config(route = r"/archive/{year:\d{4}}/*path")]
async fn archive(year: u16, path: Vec<String>) -> String {
    format!("{year} {path:?}")
}

#[view_config(route = "/files/*path")]
fn file(path: String) -> String {
    path
}

fn main() {}
