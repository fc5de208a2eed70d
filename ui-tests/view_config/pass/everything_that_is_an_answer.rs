#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use aiopyramid::{Body, HeaderMap, StatusCode};
use bytes::Bytes;

#[view_config(route = "/a")]
async fn nothing() {}

#[view_config(route = "/b")]
fn nothing_plainly() {}

#[view_config(route = "/c")]
async fn maybe() -> Option<String> {
    None
}

#[view_config(route = "/d")]
fn created() -> (StatusCode, &'static str) {
    (StatusCode::CREATED, "created")
}

#[view_config(route = "/e")]
async fn with_headers() -> Result<(HeaderMap, Bytes)> {
    Ok((HeaderMap::new(), Bytes::new()))
}

#[view_config(route = "/f")]
fn body() -> Body {
    Body::default()
}

#[view_config(route = "/g")]
async fn any() -> impl IntoResponse {
    "any"
}

#[view_config(route = "/h")]
fn any_plainly() -> impl IntoResponse {
    StatusCode::OK
}

fn main() {}
