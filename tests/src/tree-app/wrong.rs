//! What goes wrong, and what answers it.

use std::fmt;

use aiopyramid::prelude::*;
use aiopyramid::{Error, StatusCode};

#[derive(Debug)]
struct OutOfPaper;

impl fmt::Display for OutOfPaper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of paper")
    }
}

impl std::error::Error for OutOfPaper {}

#[view_config(route = "/wrong/{how}")]
async fn wrong(how: String) -> Result<&'static str> {
    match how.as_str() {
        "paper" => Err(OutOfPaper.into()),
        "panic" => panic!("nobody expected this"),
        "both" => Ok(if "none".parse::<u8>()? == 0 { "none" } else { "some" }),
        "gateway" => Err(HttpException::new(StatusCode::BAD_GATEWAY).with_detail("nobody behind").into()),
        "gone" => Err(HttpException::new(StatusCode::GONE).into()),
        other => Err(Error::msg(format!("wrong: {other}"))),
    }
}

#[exception_view_config]
async fn paper(error: &OutOfPaper) -> (StatusCode, String) {
    tokio::task::yield_now().await;
    (StatusCode::SERVICE_UNAVAILABLE, format!("printer: {error}"))
}

/// One that fails itself.
#[exception_view_config]
fn failing(error: &std::num::ParseIntError) -> Result<String> {
    Err(Error::msg(format!("the view for `{error}` failed")))
}

#[exception_view_config(route = "/wrong/{how}", request_method = "POST")]
async fn posted(error: &Error) -> (StatusCode, String) {
    (StatusCode::CONFLICT, format!("posted: {error}"))
}

#[notfound_view_config(append_slash = true)]
async fn lost(request: &Request) -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, format!("nothing at {}", request.path()))
}

#[view_config(route = "/slashed/")]
async fn slashed() -> &'static str {
    "slashed"
}
