#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use std::fmt;

#[derive(Debug)]
struct Trouble;

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("trouble")
    }
}

impl std::error::Error for Trouble {}

/// An error that is none to the standard library.
struct Hidden;

impl From<Hidden> for Error {
    fn from(_: Hidden) -> Self {
        Error::msg("hidden")
    }
}

#[view_config(route = "/a")]
async fn coroutine() -> std::result::Result<String, Trouble> {
    Err(Trouble)
}

#[view_config(route = "/b")]
fn plain() -> Result<&'static str, Trouble> {
    Err(Trouble)
}

#[view_config(route = "/c", renderer = "json")]
async fn rendered() -> Result<u32, Trouble> {
    Err(Trouble)
}

#[view_config(route = "/d", renderer = "string")]
fn rendered_plainly() -> Result<u32, HttpException> {
    Err(HttpException::not_found())
}

#[view_config(route = "/e")]
async fn converted() -> Result<String, Hidden> {
    Err(Hidden)
}

#[view_config(route = "/f", renderer = "json")]
fn converted_and_rendered() -> Result<u32, Hidden> {
    Err(Hidden)
}

fn main() {}
